// What strangers learn of an account, and what they can't keep its owner from.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
  type Account,
  assertRefused,
  clientId,
  draftAccount,
  goodPassword,
  makeAccounts,
  nextAddress,
  pool,
  signUp,
} from "./support/accounts.ts";
import { type Answer, call, post, reply } from "./support/api.ts";
import { type Operation, operations } from "./support/contract.ts";
import { type Server, startServer } from "./support/server.ts";
import { engines, Storage } from "./support/storage.ts";

const longestDay = 2000; // wrong passwords of strangers in a day, all together

for (const engine of engines) {
  describe(`strangers and an account on ${engine}`, () => {
    let storage: Storage;
    let server: Server;
    let ada: Account;
    let grace: Account;
    let bob: Account;

    before(async () => {
      storage = new Storage(engine);
      server = await startServer({ ...storage.settings, LOG_LEVEL: "debug" });
      [ada, grace, bob] = (await makeAccounts(server, 3)) as [Account, Account, Account];
    });
    after(async () => {
      await server.stop();
      storage[Symbol.dispose]();
    });

    const signInWith = (
      who: Account,
      { address = nextAddress(), cookie = "", password = who.password } = {},
    ) =>
      call(server, "POST", "/cognito-idp/", {
        body: JSON.stringify({
          ClientId: clientId,
          AuthFlow: "USER_PASSWORD_AUTH",
          AuthParameters: { USERNAME: who.email, PASSWORD: password },
        }),
        headers: {
          "content-type": "application/x-amz-json-1.1",
          "x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth",
          "x-forwarded-for": address,
          cookie,
        },
      });
    const deviceOf = (answer: Answer) =>
      answer.headers.get("set-cookie")?.split(";", 1)[0] as string;

    /** As many wrong passwords as strangers have in a day, from as many places. */
    const exhaust = (who: Account) =>
      storage.execute(
        `INSERT INTO pool_sign_in_tries (account_uuid, place, known, tries, tried_at, free_at) VALUES (${
          engine === "postgres" ? `'${who.sub}'` : `x'${who.sub.replaceAll("-", "")}'`
        }, ${engine === "postgres" ? "'\\x00'" : "x'00'"}, 0, ${longestDay}, ${Date.now()}, 0)`,
      );

    it("no answer and no line of the log shows an account's id to anybody else", async () => {
      const root = (await post(server, ada.token, `Hello @${grace.handle} #first`)).uuid;
      const answer = (await reply(server, bob.token, root, `@${ada.handle} well`)).uuid;
      await call(server, "PUT", `/api/activities/${answer}/like`, { token: ada.token });
      const bodies: Record<string, object> = {
        createActivity: { message: `@${ada.handle} as well`, ttl: "1-hour" },
        replyToActivity: { message: `@${ada.handle} to you` },
      };

      const everyone = [ada, grace, bob];
      const seen: string[] = [];
      const look = (what: string, viewer: Account | undefined, given: Answer) => {
        seen.push(what);
        const headers = [...given.headers].map((each) => each.join(": ")).join("\n");
        for (const { sub, handle } of everyone.filter((each) => each !== viewer))
          assert(
            !`${headers}\n${given.text}`.toLowerCase().includes(sub),
            `${what} shows the id of ${handle} to ${viewer?.handle ?? "a visitor"}: ${given.text}`,
          );
      };

      const paths = (operation: Operation): string[] =>
        everyone.flatMap((each) =>
          [root, answer].map((uuid) =>
            operation.path
              .replace("{handle}", each.handle)
              .replace("{uuid}", uuid)
              .replace("{pool_id}", "local_Cruddur"),
          ),
        );
      // The outbox is the developer's own, and the operations of the pool come below.
      const walked = operations.filter(
        (each) => !["getOutbox", "callUserPool"].includes(each.operationId),
      );
      for (const viewer of [undefined, grace, ada]) {
        for (const operation of walked.filter((each) => each.method !== "DELETE")) {
          for (const path of new Set(paths(operation))) {
            const given = await call(server, operation.method, path, {
              token: viewer?.token,
              json: bodies[operation.operationId],
            });
            assert(given.status < 500, given.text);
            look(`${operation.method} ${path}`, viewer, given);
          }
        }
      }

      const named = { ClientId: clientId, Username: ada.email };
      const code = { ...named, ConfirmationCode: "0000000000" };
      const mine = { AccessToken: grace.token };
      const attribute = (Name: string, Value: string) => ({
        ...mine,
        UserAttributes: [{ Name, Value }],
      });
      const calls: [string, object][] = [
        ["ConfirmSignUp", code],
        ["ResendConfirmationCode", named],
        ["ForgotPassword", named],
        ["ConfirmForgotPassword", { ...code, Password: goodPassword }],
        ["GetUser", mine],
        ["GetUser", { AccessToken: ada.token.slice(0, -4) }],
        ["UpdateUserAttributes", attribute("email", ada.email)],
        ["UpdateUserAttributes", attribute("preferred_username", ada.handle)],
        ["GetUserAttributeVerificationCode", { ...mine, AttributeName: "email" }],
        ["VerifyUserAttribute", { ...mine, AttributeName: "email", Code: "0000000000" }],
        ["ChangePassword", { ...mine, PreviousPassword: "wrong", ProposedPassword: goodPassword }],
        ["RevokeToken", { ClientId: clientId, Token: ada.refreshToken.slice(0, -4) }],
        ["GetTokensFromRefreshToken", { ClientId: clientId, RefreshToken: "x" }],
      ];
      for (const [operation, body] of calls)
        look(operation, grace, await pool(server, operation, body));
      look(
        "a sign-up with an address that is taken",
        grace,
        await signUp(server, { ...draftAccount(), email: ada.email }),
      );
      look(
        "a sign-up with a handle that is taken",
        grace,
        await signUp(server, { ...draftAccount(), handle: ada.handle }),
      );
      look("a wrong password", grace, await signInWith(ada, { password: "wrong" }));
      for (const operation of walked.filter((each) => each.method === "DELETE")) {
        for (const path of new Set(paths(operation)))
          look(`DELETE ${path}`, grace, await call(server, "DELETE", path, { token: grace.token }));
      }
      assert(seen.length > 120, `${seen.length} answers`);

      // Who names the email gets its id with the challenge, as SRP needs it: it leads to no person.
      const challenge = await pool(server, "InitiateAuth", {
        ClientId: clientId,
        AuthFlow: "USER_SRP_AUTH",
        AuthParameters: { USERNAME: ada.email, SRP_A: "ab".repeat(380) },
      });
      const told = challenge.json.ChallengeParameters.USER_ID_FOR_SRP;
      assert.equal(told, ada.sub, "the search finds what is there");
      const profile = await call(server, "GET", "/api/profile/me", { token: ada.token });
      assert.notEqual(profile.json.uuid, told);
      for (const Username of [told, profile.json.uuid]) {
        assert.equal(
          (await pool(server, "ForgotPassword", { ...named, Username })).json.CodeDeliveryDetails
            .Destination,
          "***",
        );
      }
      for (const line of server.lines) {
        for (const { sub, email } of everyone)
          assert(!line.includes(sub) && !line.includes(email), line);
      }
      assert(server.logged("/api/users/").length > 0, "requests are in the log");
    });

    it("the owner signs in from a known device, anywhere, when strangers have used up their tries", async () => {
      const first = await signInWith(bob, { address: bob.address });
      const device = deviceOf(await signInWith(bob, { address: nextAddress() }));
      assert.match(device, /^cruddur-device=[0-9a-f]{64}$/);
      assert.equal(first.status, 200);

      exhaust(bob);
      const locked = await signInWith(bob);
      assertRefused(locked, "NotAuthorizedException");
      assert.equal(locked.json.message, "Password attempts exceeded");
      const forged = `${device.slice(0, -4)}${device.endsWith("0000") ? "1111" : "0000"}`;
      for (const cookie of [forged, deviceOf(await signInWith(grace))])
        assert.equal(
          (await signInWith(bob, { cookie })).json.message,
          "Password attempts exceeded",
        );

      for (let i = 0; i < 3; ++i) {
        const answer = await signInWith(bob, { cookie: `theme=dark; ${device}` });
        assert.equal(answer.status, 200, answer.text);
        assert.equal(answer.headers.get("set-cookie"), null, "it has one");
      }
      assert.equal((await signInWith(bob, { address: bob.address })).status, 200, "at home too");
      assert.equal(
        (await signInWith(bob, { cookie: device, password: "wrong" })).json.message,
        "Incorrect username or password.",
        "the cookie opens nothing",
      );
    });

    it("a device whose clock is off is told that it is the clock", async () => {
      const challenge = await pool(server, "InitiateAuth", {
        ClientId: clientId,
        AuthFlow: "USER_SRP_AUTH",
        AuthParameters: { USERNAME: ada.email, SRP_A: "ab".repeat(380) },
      });
      const { USERNAME, SECRET_BLOCK } = challenge.json.ChallengeParameters;
      const claimAt = (offMinutes: number) => {
        const at = new Date(Date.now() + offMinutes * 60_000).toUTCString().replace(",", "");
        const [day, date, month, year, time] = at.split(" ");
        return pool(server, "RespondToAuthChallenge", {
          ClientId: clientId,
          ChallengeName: "PASSWORD_VERIFIER",
          ChallengeResponses: {
            USERNAME,
            PASSWORD_CLAIM_SECRET_BLOCK: SECRET_BLOCK,
            PASSWORD_CLAIM_SIGNATURE: Buffer.alloc(32, 7).toString("base64"),
            TIMESTAMP: `${day} ${month} ${Number(date)} ${time} UTC ${year}`,
          },
        });
      };
      for (const minutes of [-16, 16]) {
        const answer = await claimAt(minutes);
        assertRefused(answer, "NotAuthorizedException");
        assert.equal(
          answer.json.message,
          "The clock of this device is too far from the server's.",
          `${minutes} minutes`,
        );
      }
      for (const minutes of [-14, 0, 14])
        assert.equal((await claimAt(minutes)).json.message, "Incorrect username or password.");
    });
  });
}
