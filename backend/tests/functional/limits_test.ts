// How often things may be tried, and that nobody learns from an answer whether an account exists.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
  type Account,
  assertRefused,
  clientId,
  draftAccount,
  goodPassword,
  mailedCode,
  mails,
  makeAccount,
  nextAddress,
  pool,
  signIn,
  signUp,
} from "./support/accounts.ts";
import { type Answer, advanceClock, call } from "./support/api.ts";
import { type Server, startServer } from "./support/server.ts";
import { timed, until } from "./support/wait.ts";

describe("limits of the user pool", () => {
  let server: Server;

  before(async () => {
    server = await startServer({ CLOCK_MOVABLE: "true" });
  });
  after(() => server.stop());

  const passwordAuth = (USERNAME: string, PASSWORD: string, address?: string) =>
    pool(
      server,
      "InitiateAuth",
      {
        ClientId: clientId,
        AuthFlow: "USER_PASSWORD_AUTH",
        AuthParameters: { USERNAME, PASSWORD },
      },
      address,
    );
  const forgot = (Username: string, address?: string) =>
    pool(server, "ForgotPassword", { ClientId: clientId, Username }, address);
  const resend = (Username: string, address?: string) =>
    pool(server, "ResendConfirmationCode", { ClientId: clientId, Username }, address);

  async function firstOther(
    expected: string | undefined,
    most: number,
    ask: (turn: number) => Promise<Answer>,
  ): Promise<[Answer, number]> {
    for (let turn = 0; turn < most; ++turn) {
      const answer = await ask(turn);
      if (answer.json.__type !== expected) return [answer, turn];
    }
    assert.fail(`no other answer in ${most} tries`);
  }

  const assertSaysWhen = (answer: Answer) => {
    assert(Number(answer.headers.get("retry-after")) > 0, "retry-after");
    assert.match(answer.headers.get("ratelimit") ?? "", /r=0;t=\d+/);
  };

  it("wrong passwords lock an address out of an account for a while that grows, and the right one opens it after", async () => {
    const who = await makeAccount(server);
    const address = nextAddress();
    for (let i = 0; i < 5; ++i) {
      const answer = await passwordAuth(who.email, "wrong", address);
      assert.equal(answer.json.message, "Incorrect username or password.");
    }
    const locked = await passwordAuth(who.email, who.password, address);
    assertRefused(locked, "NotAuthorizedException");
    assert.equal(locked.json.message, "Password attempts exceeded");
    await advanceClock(server, 2);
    assert.equal(
      (await passwordAuth(who.email, "wrong", address)).json.message,
      "Incorrect username or password.",
    );
    await advanceClock(server, 1);
    assert.equal(
      (await passwordAuth(who.email, who.password, address)).json.message,
      "Password attempts exceeded",
      "twice as long now",
    );
    await advanceClock(server, 2);
    assert.equal((await passwordAuth(who.email, who.password, address)).status, 200);
  });

  it("sign-ins from one address are limited, and only from that one", async () => {
    const who = await makeAccount(server);
    const address = nextAddress();
    const [refused, tries] = await firstOther("NotAuthorizedException", 200, (turn) =>
      passwordAuth(`nobody${turn}@example.com`, "wrong", address),
    );
    assertRefused(refused, "TooManyRequestsException");
    assertSaysWhen(refused);
    assert(tries >= 60 && tries <= 120, `${tries} tries`);
    await signIn(server, who);
    await advanceClock(server, Number(refused.headers.get("retry-after")));
    assertRefused(
      await passwordAuth("nobody@example.com", "wrong", address),
      "NotAuthorizedException",
    );
  });

  it("guesses of one account's code are limited by address, and spoil nothing for its owner", async () => {
    const who = draftAccount();
    await signUp(server, who);
    const right = await mailedCode(server, who.email);
    const guess = (ConfirmationCode: string, address: string) =>
      pool(
        server,
        "ConfirmSignUp",
        { ClientId: clientId, Username: who.email, ConfirmationCode },
        address,
      );
    const stranger = nextAddress();
    const [refused, guesses] = await firstOther("CodeMismatchException", 30, () =>
      guess("0000000000", stranger),
    );
    assertRefused(refused, "TooManyFailedAttemptsException");
    assertSaysWhen(refused);
    assert.equal(guesses, 15);
    assert.equal((await guess(right, who.address)).status, 200);
  });

  it("mails to one address are limited whoever asks, and the last code stays good", async () => {
    const known = await makeAccount(server);
    const mine = async () => (await mails(server)).filter((each) => each.to === known.email).length;
    const had = await mine();
    for (let i = 0; i < 12; ++i) assert.equal((await forgot(known.email)).status, 200);
    await until("the mails", 3_000, async () => ((await mine()) === had + 3 ? true : undefined));
    await advanceClock(server, 16 * 60);
    assert.equal((await forgot(known.email)).status, 200);
    assert.equal(
      await mine(),
      had + 3,
      "no more than four an hour at once, the sign-up's included",
    );
    const ConfirmationCode = await mailedCode(server, known.email, "Reset");
    const body = { ClientId: clientId, Username: known.email, ConfirmationCode };
    const reset = await pool(server, "ConfirmForgotPassword", { ...body, Password: goodPassword });
    assert.equal(reset.status, 200, reset.text);
  });

  it("sign-ups from one address are limited", async () => {
    const address = nextAddress();
    const [refused] = await firstOther(undefined, 100, () =>
      signUp(server, { ...draftAccount(), address }),
    );
    assertRefused(refused, "TooManyRequestsException");
  });

  it("sign-in, forgotten password and resending answer alike whether or not the account exists", async () => {
    const known = await makeAccount(server);
    const waiting = draftAccount();
    await signUp(server, waiting);
    const shape = (answer: Answer) => ({
      status: answer.status,
      body: answer.json,
      headers: [...answer.headers.keys()].filter((name) => name !== "date").sort(),
    });
    const twin = (email: string) => `${email[0]}nobody@example.com`; // masked, it looks the same
    for (const who of [known, waiting]) {
      assert.deepEqual(shape(await forgot(who.email)), shape(await forgot(twin(who.email))));
      assert.deepEqual(shape(await resend(who.email)), shape(await resend(twin(who.email))));
      assert.deepEqual(
        shape(await passwordAuth(who.email, "wrong")),
        shape(await passwordAuth(twin(who.email), "wrong")),
      );
    }
    const confirm = (Username: string) =>
      pool(server, "ConfirmForgotPassword", {
        ClientId: clientId,
        Username,
        ConfirmationCode: "000000",
        Password: goodPassword,
      });
    assert.deepEqual(shape(await confirm("never.asked@example.com")).status, 400);
    const srp = (USERNAME: string) =>
      pool(server, "InitiateAuth", {
        ClientId: clientId,
        AuthFlow: "USER_SRP_AUTH",
        AuthParameters: { USERNAME, SRP_A: "ab".repeat(380) },
      });
    const [real, fake, fakeAgain] = [
      await srp(known.email),
      await srp("phantom@example.com"),
      await srp("phantom@example.com"),
    ];
    const parameters = (answer: Answer) => answer.json.ChallengeParameters;
    assert.deepEqual(Object.keys(parameters(real)), Object.keys(parameters(fake)));
    for (const [name, value] of Object.entries<string>(parameters(real))) {
      assert(
        Math.abs(value.length - parameters(fake)[name].length) <= 2,
        `${name} has another length`,
      );
    }
    assert.equal(
      parameters(fake).SALT,
      parameters(fakeAgain).SALT,
      "a salt that changes would tell",
    );
    assert.equal(parameters(fake).USER_ID_FOR_SRP, parameters(fakeAgain).USER_ID_FOR_SRP);
  });

  it("an unknown account locks like a known one", async () => {
    const known = await makeAccount(server);
    const say = async (email: string) => {
      const said: string[] = [];
      const address = nextAddress();
      for (let i = 0; i < 8; ++i)
        said.push((await passwordAuth(email, "wrong", address)).json.message);
      return said;
    };
    assert.deepEqual(await say(known.email), await say("not.there@example.com"));
  });

  it("refusing a sign-in takes as long for an unknown account as for a known one", async () => {
    const people: Account[] = [];
    for (let i = 0; i < 4; ++i) people.push(await makeAccount(server));
    const times: Record<"known" | "unknown", number[]> = { known: [], unknown: [] };
    for (let round = 0; round < 4; ++round) {
      for (const [at, who] of people.entries()) {
        times.known.push((await timed(() => passwordAuth(who.email, "wrong")))[1]);
        times.unknown.push((await timed(() => passwordAuth(`ghost${at}@example.com`, "wrong")))[1]);
      }
    }
    // The fastest of each: the rest is the machine's noise.
    const ratio = Math.min(...times.known) / Math.min(...times.unknown);
    assert(ratio > 0.6 && ratio < 1.7, `known takes ${ratio.toFixed(2)} times as long as unknown`);
  });

  it("the API answers at once while sign-ins pile up", async () => {
    const flood = Array.from({ length: 150 }, (_, at) =>
      passwordAuth(`flood${at}@example.com`, "wrong"),
    );
    const times: number[] = [];
    for (let i = 0; i < 20; ++i)
      times.push((await timed(() => call(server, "GET", "/api/activities/home")))[1]);
    const answers = await Promise.all(flood);
    for (const each of answers) assert([400, 429].includes(each.status), each.text);
    for (const each of answers.filter((answer) => answer.status === 429))
      assert(each.headers.has("retry-after"));
    times.sort((a, b) => a - b);
    assert((times[10] as number) < 0.5, `the median reader waited ${times[10]} s`);
  });
});
