// Two server processes on one PostgreSQL database are one user pool.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { clientId, draftAccount, makeAccount, mailedCode, pool, poolOk, signIn, signUp } from "./support/accounts.ts";
import { call } from "./support/api.ts";
import { type Server, startServer } from "./support/server.ts";
import { Storage } from "./support/storage.ts";
import { until } from "./support/wait.ts";

describe("two servers on one database", () => {
  let storage: Storage;
  let one: Server;
  let two: Server;

  before(async () => {
    storage = new Storage("postgres");
    one = await startServer(storage.settings);
    two = await startServer(storage.settings);
  });
  after(async () => {
    await two.stop();
    await one.stop();
    storage[Symbol.dispose]();
  });

  const status = async (server: Server, token: string) => (await call(server, "GET", "/api/profile/me", { token })).status;

  it("a token of one serves at the other, and they sign with one key", async () => {
    const who = await makeAccount(one);
    assert.equal(await status(two, who.token), 200);
    const keys = "/local_Cruddur/.well-known/jwks.json";
    assert.equal(await (await fetch(one.url + keys)).text(), await (await fetch(two.url + keys)).text());
  });

  it("an account that signs up at one confirms and signs in at the other", async () => {
    const who = draftAccount();
    assert.equal((await signUp(one, who)).status, 200);
    const code = await mailedCode(one, who.email);
    await poolOk(two, "ConfirmSignUp", { ClientId: clientId, Username: who.email, ConfirmationCode: code });
    assert.equal(await status(one, (await signIn(two, who)).token), 200);
  });

  it("a session that one revokes, the other refuses within a second", async () => {
    const who = await makeAccount(one);
    assert.equal(await status(two, who.token), 200); // and is in its cache now
    await poolOk(one, "RevokeToken", { ClientId: clientId, Token: who.refreshToken });
    await until("the other to refuse the token", 1_000, async () => (await status(two, who.token)) === 401);
  });

  it("a refresh token that both are given at once has one successor", async () => {
    const who = await makeAccount(one);
    const answers = await Promise.all(
      [one, two, one, two].map((server) =>
        pool(server, "GetTokensFromRefreshToken", { ClientId: clientId, RefreshToken: who.refreshToken }),
      ),
    );
    const successors = new Set(answers.map((each) => each.json.AuthenticationResult?.RefreshToken));
    assert.equal(successors.size, 1);
    assert(!successors.has(undefined));
  });
});
