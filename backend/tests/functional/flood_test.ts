// A flood of wrong passwords, codes and challenges against one account shuts its owner out of nothing.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
  type Account,
  clientId,
  mailedCode,
  mails,
  makeAccount,
  nextAddress,
  pool,
  poolOk,
  signIn,
} from "./support/accounts.ts";
import type { Answer } from "./support/api.ts";
import { type Server, startServer } from "./support/server.ts";
import { Storage } from "./support/storage.ts";
import { eachAtOnce, sleep, until } from "./support/wait.ts";

const strangers = 200;

const passwordAuth = (server: Server, USERNAME: string, PASSWORD: string, address?: string) =>
  pool(
    server,
    "InitiateAuth",
    { ClientId: clientId, AuthFlow: "USER_PASSWORD_AUTH", AuthParameters: { USERNAME, PASSWORD } },
    address,
  );

/** As clients do: a server that is full is asked again when it said. */
async function patiently(ask: () => Promise<Answer>): Promise<Answer> {
  return until("a server that has room", 60_000, async () => {
    const answer = await ask();
    if (answer.status !== 429 && answer.status !== 503) return answer;
    await sleep(1000 * Number(answer.headers.get("retry-after")));
    return undefined;
  });
}

async function flood(servers: Server[], who: Account, onDone: () => void): Promise<void> {
  const addresses = Array.from({ length: strangers }, () => nextAddress());
  await eachAtOnce(addresses, 8, async (address) => {
    const server = servers[Number(address.split(".")[3]) % servers.length] as Server;
    const AuthParameters = { USERNAME: who.email, SRP_A: "ab".repeat(380) };
    const code = {
      ClientId: clientId,
      Username: who.email,
      ConfirmationCode: "1234567890",
    };
    await passwordAuth(server, who.email, "wrong wrong", address);
    await pool(
      server,
      "InitiateAuth",
      { ClientId: clientId, AuthFlow: "USER_SRP_AUTH", AuthParameters },
      address,
    );
    await pool(server, "ConfirmSignUp", code, address);
    await pool(server, "ForgotPassword", { ClientId: clientId, Username: who.email }, address);
    await pool(
      server,
      "ConfirmForgotPassword",
      { ...code, Password: "a stranger's choice" },
      address,
    );
    onDone();
  });
}

function describeFlood(name: string, start: () => Promise<[Server[], () => Promise<void>]>) {
  describe(`a flood from ${strangers} addresses, ${name}`, () => {
    let servers: Server[];
    let stop: () => Promise<void>;

    before(async () => {
      [servers, stop] = await start();
    });
    after(() => stop());

    it("lets the owner sign in and reset throughout, at home and at a new address", async () => {
      const [first] = servers as [Server];
      const last = servers.at(-1) as Server;
      const who = await makeAccount(first);
      let heard = 0;
      const storm = flood(servers, who, () => ++heard);
      // As often as people do: more sign-ins would be too many of the owner's own.
      const roundsWanted = 20;
      for (let rounds = 0; rounds < roundsWanted; ++rounds) {
        await Promise.race([
          storm,
          until("the flood", 120_000, () => heard >= (rounds * strangers) / roundsWanted),
        ]);
        for (const address of [who.address, nextAddress()]) {
          const answer = await patiently(() =>
            passwordAuth(rounds % 2 ? first : last, who.email, who.password, address),
          );
          assert.equal(answer.status, 200, answer.text);
        }
      }
      await storm;

      const mine = (await mails(first)).concat(first === last ? [] : await mails(last));
      const sent = mine.filter((each) => each.to === who.email);
      assert(sent.length <= 6, `${sent.length} mails`);
      const address = nextAddress();
      const body = { ClientId: clientId, Username: who.email };
      await poolOk(last, "ForgotPassword", body, address);
      const code = await mailedCode(first, who.email, "Reset").catch(() =>
        mailedCode(last, who.email, "Reset"),
      );
      const Password = "the owner's own choice";
      const reset = await patiently(() =>
        pool(last, "ConfirmForgotPassword", { ...body, ConfirmationCode: code, Password }, address),
      );
      assert.equal(reset.status, 200, reset.text);
      await signIn(first, { ...who, password: Password });
    });

    it("lets a stranger's guesses at all servers count together", async () => {
      const who = await makeAccount(servers[0] as Server);
      const address = nextAddress();
      const said: string[] = [];
      for (let i = 0; i < 8; ++i) {
        const server = servers[i % servers.length] as Server;
        said.push((await passwordAuth(server, who.email, "wrong wrong", address)).json.message);
      }
      const looked = said.filter((each) => each === "Incorrect username or password.");
      assert(looked.length >= 5 && looked.length <= 6, said.join(" "));
      assert(said.includes("Password attempts exceeded"));
      await signIn(servers[0] as Server, who);
    });
  });
}

describeFlood("at one server", async () => {
  const server = await startServer();
  return [[server], async () => void (await server.stop())];
});

describeFlood("at two servers of one database", async () => {
  const storage = new Storage("postgres");
  const servers = [await startServer(storage.settings), await startServer(storage.settings)];
  return [
    servers,
    async () => {
      for (const server of servers) await server.stop();
      storage[Symbol.dispose]();
    },
  ];
});
