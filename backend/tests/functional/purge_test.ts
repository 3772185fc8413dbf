// What the user pool forgets is in no file of the data folder: addresses, codes, sessions.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  codeFrom,
  draftAccount,
  mails,
  makeAccount,
  pool,
  poolOk,
  signIn,
  signUp,
} from "./support/accounts.ts";
import { advanceClock } from "./support/api.ts";
import { type Server, startServer } from "./support/server.ts";
import { filesWith, Storage } from "./support/storage.ts";
import { until } from "./support/wait.ts";

const day = 86_400;

// A column of hashes, as bytes to search for.
const hashes = (storage: Storage, table: string, column: string) =>
  storage
    .rows(`SELECT hex(${column}) FROM ${table} WHERE ${column} IS NOT NULL`)
    .map(([text]) => Buffer.from(text as string, "hex"));

describe("what the user pool forgets", () => {
  it("leaves no trace in the files: an address after a change, a sign-up never confirmed, codes, sessions", async () => {
    using storage = new Storage("sqlite");
    await using server = await startServer({ ...storage.settings, CLOCK_MOVABLE: "true" });
    const waiting = draftAccount("never_confirmed");
    assert.equal((await signUp(server, waiting)).status, 200);

    const mover = await makeAccount(server);
    const address = "another-address@example.com";
    const code = await codeFrom(server, address, () =>
      poolOk(server, "UpdateUserAttributes", {
        AccessToken: mover.token,
        UserAttributes: [{ Name: "email", Value: address }],
      }),
    );
    await poolOk(server, "VerifyUserAttribute", {
      AccessToken: mover.token,
      AttributeName: "email",
      Code: code,
    });
    const again = await signIn(server, { ...mover, email: address });
    const codes = hashes(storage, "pool_codes", "hash");
    const sessions = hashes(storage, "pool_sessions", "refresh_hash");
    assert(codes.length >= 3 && sessions.length >= 2);
    for (const each of [...codes, ...sessions]) {
      assert.notDeepEqual(filesWith(storage.dataDir, each), [], "the search finds bytes");
    }
    const gone = (what: string, traces: (string | Buffer)[]) =>
      until(`${what} to leave the files`, 20_000, () =>
        traces.every((each) => filesWith(storage.dataDir, each).length === 0),
      );

    await gone("the old address", [mover.email]);
    await poolOk(server, "GlobalSignOut", { AccessToken: again.token });
    await gone("the sessions", sessions);
    await advanceClock(server, day + 1);
    await gone("what was never confirmed", [waiting.email, waiting.handle, waiting.name]);
    await gone("the codes", codes);
    assert.deepEqual(await mails(server), []);
    assert.equal(storage.count("pool_accounts"), 1);

    const late = await signIn(server, { ...again, email: address });
    const lasting = hashes(storage, "pool_sessions", "refresh_hash");
    await advanceClock(server, 31 * day);
    await gone("a session whose time is over", lasting);
    for (const table of [
      "pool_sessions",
      "pool_codes",
      "pool_revoked_sessions",
      "pool_sign_in_tries",
    ]) {
      await until(`${table} to be empty`, 20_000, () => storage.count(table) === 0);
    }
    assert.equal((await pool(server, "GetUser", { AccessToken: late.token })).status, 400);
  });

  it("goes at the start when its time was over while no server ran", async () => {
    using storage = new Storage("sqlite");
    const first = await startServer(storage.settings);
    const waiting = draftAccount("never_came_back");
    assert.equal((await signUp(first, waiting)).status, 200);
    await first.stop();
    storage.execute(`UPDATE pool_accounts SET pending_until = ${Date.now() - 1}`);
    await using second = await startServer(storage.settings);
    assert.equal(storage.count("pool_accounts"), 0);
    await until("its address to leave the files", 5_000, () =>
      [waiting.handle, waiting.name].every((each) => filesWith(storage.dataDir, each).length === 0),
    );
    assert(second.isRunning);
  });

  it("is not in the outbox once the account is gone", async () => {
    await using server: Server = await startServer({});
    const leaver = await makeAccount(server);
    const stays = await makeAccount(server);
    await poolOk(server, "DeleteUser", { AccessToken: leaver.token });
    const recipients = (await mails(server)).map((each) => each.to);
    assert(recipients.includes(stays.email) && !recipients.includes(leaver.email));
  });
});

describe("what PostgreSQL keeps of destroyed keys", () => {
  it("is told at the start where the keys are in it, and only there", async () => {
    for (const [keys, lines] of [
      ["database:", 1],
      ["file:", 0],
    ] as const) {
      using storage = new Storage("postgres");
      await using server = await startServer({ ...storage.settings, KEYS_URL: keys });
      const told = server.logged("write-ahead log keeps them", "archive_mode=off", "max_wal_size=");
      assert.equal(told.length, lines);
      await server.stop();
    }
  });
});
