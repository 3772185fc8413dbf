// Two server processes on one PostgreSQL database are one service.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
  clientId,
  draftAccount,
  mailedCode,
  makeAccount,
  pool,
  poolOk,
  signIn,
  signUp,
} from "./support/accounts.ts";
import { call, expect, post, readAll, reply } from "./support/api.ts";
import { createDatabase } from "./support/postgres.ts";
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

  const status = async (server: Server, token: string) =>
    (await call(server, "GET", "/api/profile/me", { token })).status;

  it("a token of one serves at the other, and they sign with one key", async () => {
    const who = await makeAccount(one);
    assert.equal(await status(two, who.token), 200);
    const keys = "/local_Cruddur/.well-known/jwks.json";
    assert.equal(
      await (await fetch(one.url + keys)).text(),
      await (await fetch(two.url + keys)).text(),
    );
  });

  it("an account that signs up at one confirms and signs in at the other", async () => {
    const who = draftAccount();
    assert.equal((await signUp(one, who)).status, 200);
    const code = await mailedCode(one, who.email);
    await poolOk(two, "ConfirmSignUp", {
      ClientId: clientId,
      Username: who.email,
      ConfirmationCode: code,
    });
    assert.equal(await status(one, (await signIn(two, who)).token), 200);
  });

  it("a session that one revokes, the other refuses within a second", async () => {
    const who = await makeAccount(one);
    assert.equal(await status(two, who.token), 200); // and is in its cache now
    await poolOk(one, "RevokeToken", { ClientId: clientId, Token: who.refreshToken });
    await until(
      "the other to refuse the token",
      1_000,
      async () => (await status(two, who.token)) === 401,
    );
  });

  it("a session that was revoked elsewhere is refused within three seconds though nothing is told", async () => {
    const refusedIn = (token: string) =>
      until("the other to refuse the token", 3_000, async () => (await status(two, token)) === 401);

    // The connections that hear the bell are cut, and again while it should ring.
    const deafen = () =>
      storage.rows(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND (query LIKE 'LISTEN %' OR query LIKE 'SELECT pg_notify(%')",
      ).length;
    const first = await makeAccount(one);
    assert.equal(await status(two, first.token), 200);
    assert(deafen() >= 2, "both listen");
    await poolOk(one, "RevokeToken", { ClientId: clientId, Token: first.refreshToken });
    deafen();
    await refusedIn(first.token);

    // Whoever revokes rings no bell at all.
    const second = await makeAccount(one);
    assert.equal(await status(two, second.token), 200);
    storage.execute(
      `UPDATE pool_sessions SET revoked_at = ${Date.now()} WHERE account_uuid = '${second.sub}'`,
    );
    await refusedIn(second.token);
  });

  it("a refresh token that both are given at once has one successor", async () => {
    const who = await makeAccount(one);
    const answers = await Promise.all(
      [one, two, one, two].map((server) =>
        pool(server, "GetTokensFromRefreshToken", {
          ClientId: clientId,
          RefreshToken: who.refreshToken,
        }),
      ),
    );
    const successors = new Set(answers.map((each) => each.json.AuthenticationResult?.RefreshToken));
    assert.equal(successors.size, 1);
    assert(!successors.has(undefined));
  });
});

describe("what one server does, the other shows", () => {
  it("each shows within a second what the other did", async () => {
    using storage = new Storage("postgres");
    await using one = await startServer(storage.settings);
    await using two = await startServer(storage.settings);
    const ada = await makeAccount(one);
    const grace = await makeAccount(two);
    const atHome = async (server: Server, uuid: string, token?: string) =>
      (await readAll(server, "/api/activities/home", token)).find((each) => each.uuid === uuid);
    const soon = (what: string, look: () => Promise<unknown>) => until(what, 1_000, look);

    for (let round = 0; round < 3; ++round) {
      const [here, there] = round % 2 ? [two, one] : [one, two];
      const { uuid } = await post(here, ada.token, `round ${round}`);
      await soon("the post", () => atHome(there, uuid));
      await expect(200, there, "PUT", `/api/activities/${uuid}/like`, { token: grace.token });
      await soon("the count", async () => (await atHome(here, uuid))?.likes_count === 1);
      await soon(
        "the reader's own like",
        async () => (await atHome(here, uuid, grace.token))?.viewer.liked,
      );
      await reply(there, grace.token, uuid, "seen");
      await soon("the reply's count", async () => (await atHome(here, uuid))?.replies_count === 1);
      const thread = await expect(200, here, "GET", `/api/activities/${uuid}`);
      assert.equal(thread.json.replies.data[0].message, "seen");
      await expect(204, here, "DELETE", `/api/activities/${uuid}`, { token: ada.token });
      await soon("the deletion", async () => !(await atHome(there, uuid)));
    }

    const leaver = await makeAccount(one);
    const { uuid } = await post(one, leaver.token, "going");
    await soon("the post", () => atHome(two, uuid));
    await poolOk(one, "DeleteUser", { AccessToken: leaver.token });
    await soon("the account's posts to go", async () => !(await atHome(two, uuid)));
    await soon(
      "its token to be refused",
      async () =>
        (await call(two, "GET", "/api/profile/me", { token: leaver.token })).status === 401,
    );
  });

  it("signing out at one is heard at the other within a second, everywhere and here", async () => {
    using storage = new Storage("postgres");
    await using one = await startServer(storage.settings);
    await using two = await startServer(storage.settings);
    const who = await makeAccount(one);
    const status = async (server: Server) =>
      (await call(server, "GET", "/api/profile/me", { token: who.token })).status;
    assert.deepEqual([await status(one), await status(two)], [200, 200]);
    await poolOk(one, "GlobalSignOut", { AccessToken: who.token });
    await until("the other to refuse", 1_000, async () => (await status(two)) === 401);
    assert.equal(await status(one), 401);
  });

  it("the notifier's connection may be cut, and what was missed is shown soon after", async () => {
    using storage = new Storage("postgres");
    await using one = await startServer(storage.settings);
    await using two = await startServer(storage.settings);
    const { token } = await makeAccount(one);
    storage.execute(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
    );
    let uuid = "";
    await until("posts again", 5_000, async () => {
      const answer = await call(one, "POST", "/api/activities", {
        token,
        json: { message: "after the cut", ttl: "1-hour" },
      });
      uuid = answer.json?.uuid ?? "";
      return answer.status === 201;
    });
    await until("the other to show it", 5_000, async () =>
      (await readAll(two, "/api/activities/home")).some((each) => each.uuid === uuid),
    );
  });

  it("two that start at the same moment on an empty database both serve", async () => {
    using storage = new Storage("postgres");
    const both = await Promise.all([startServer(storage.settings), startServer(storage.settings)]);
    try {
      const who = await makeAccount(both[0]);
      assert.equal(
        (await call(both[1], "GET", "/api/profile/me", { token: who.token })).status,
        200,
      );
    } finally {
      for (const server of both) await server.stop();
    }
  });

  it("a database of another name is another world", async () => {
    using storage = new Storage("postgres");
    await using one = await startServer(storage.settings);
    await using other = await startServer({
      ...storage.settings,
      DATABASE_URL: createDatabase(),
      CRUDDUR_DATA_DIR: `${storage.dataDir}/other`,
    });
    const who = await makeAccount(one);
    const answer = await pool(other, "InitiateAuth", {
      ClientId: clientId,
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: who.email, PASSWORD: who.password },
    });
    assert.equal(answer.json.__type, "NotAuthorizedException");
    assert.equal((await call(other, "GET", "/api/profile/me", { token: who.token })).status, 401);
  });
});
