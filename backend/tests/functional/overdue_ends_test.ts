// What should have ended while no server ran has ended, keys and all, before the next one can be asked.
import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { describe, it } from "node:test";
import { makeAccount } from "./support/accounts.ts";
import { call, expect, metric, post } from "./support/api.ts";
import { ioFaultLibrary } from "./support/paths.ts";
import { holdRows } from "./support/postgres.ts";
import { Server, startServer } from "./support/server.ts";
import { engines, Storage } from "./support/storage.ts";
import { until } from "./support/wait.ts";

const ago = (ms: number) => Date.now() - ms;

/** A server's worth of rows that expired long ago, under slots that were never given out. */
function addExpired(storage: Storage, count: number): void {
  const first = 1_000_000_000;
  const rows =
    storage.engine === "sqlite"
      ? `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
         INSERT INTO activities (uuid, user_uuid, created_at, expires_at, slot)
         SELECT randomblob(16), u.uuid, ${ago(7_200_000)}, ${ago(3_600_000)} + i, ${first} + i FROM n, users u`
      : `INSERT INTO activities (uuid, user_uuid, created_at, expires_at, slot)
         SELECT gen_random_uuid(), u.uuid, ${ago(7_200_000)}, ${ago(3_600_000)} + i, ${first} + i
         FROM generate_series(1, ${count}) AS i, users u`;
  storage.execute(rows);
  storage.execute("ANALYZE"); // as the engine would, in the time that it takes so many to expire
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((resume) => probe.once("listening", resume));
  const { port } = probe.address() as { port: number };
  await new Promise((resume) => probe.close(resume));
  return port;
}

const isOpen = (port: number) =>
  new Promise<boolean>((resume) => {
    const socket = connect(port, "127.0.0.1");
    const tell = (open: boolean) => {
      socket.destroy();
      resume(open);
    };
    socket.once("connect", () => tell(true)).once("error", () => tell(false));
  });

for (const engine of engines) {
  describe(`what is overdue at the start on ${engine}`, () => {
    it("is gone with its keys when the port opens", async () => {
      using storage = new Storage(engine);
      const before = await startServer(storage.settings);
      const { token } = await makeAccount(before);
      const { uuid } = await post(before, token, "expires while no server runs");
      const kept = await post(before, token, "stays", "1-day");
      await before.stop();
      storage.execute(
        `UPDATE activities SET expires_at = ${ago(1000)} WHERE expires_at < ${ago(-7_200_000)}`,
      );
      // So many that a sweep beside the requests would take seconds.
      addExpired(storage, 6_000);

      const port = await freePort();
      await using server = new Server({ ...storage.settings, PORT: String(port) });
      await until("the port to open", 30_000, () => isOpen(port));
      assert.equal(storage.count("activities"), 1);
      assert.equal(storage.count("ended_keys"), 0);
      await server.waitUntilServing();
      const end = server.lines.findIndex((line) => line.includes("while no server ran is gone"));
      const serving = server.lines.findIndex((line) => /\bserving\b/.test(line));
      assert(end >= 0 && end < serving, server.lines.join("\n"));
      assert.match(server.lines[end] as string, /posts=6001 keys_destroyed=6001/);
      assert.equal(await metric(server, "cruddur_expired_posts_total"), 6_001);
      assert.equal((await call(server, "GET", `/api/activities/${uuid}`)).status, 410);
      await expect(200, server, "GET", `/api/activities/${kept.uuid}`);
    });

    it("is told of while it lasts, and a signal ends the start at once, which the next one completes", async () => {
      using storage = new Storage(engine);
      const before = await startServer(storage.settings);
      await makeAccount(before);
      await before.stop();
      addExpired(storage, 100_000);

      const cut = new Server(storage.settings);
      await until(
        "a word of progress",
        30_000,
        () => cut.logged("ending what should have ended", "posts=").length,
      );
      const asked = Date.now();
      cut.signal("SIGTERM");
      assert.equal(await cut.ended(), 143);
      assert(Date.now() - asked < 3_000);
      assert.equal(cut.logged("serving").length, 0);
      const left = storage.count("activities");
      assert(left > 0 && left < 100_000, `${left}`);
      assert(storage.count("ended_keys") <= 1_000, "keys end on the way");

      await using server = await startServer(storage.settings);
      assert.equal(storage.count("activities"), 0);
      assert.equal(storage.count("ended_keys"), 0);
      await server.stop();
    });
  });
}

describe("a start while another server sweeps", () => {
  it("does not wait for that one for ever", async () => {
    using storage = new Storage("postgres");
    const before = await startServer(storage.settings);
    await makeAccount(before);
    await before.stop();
    addExpired(storage, 10);
    const sweeping = "pg_advisory_xact_lock(4729118306)::text = ''";
    const held = await holdRows(storage.settings.DATABASE_URL as string, sweeping);
    const asked = Date.now();
    await using server = await startServer(storage.settings);
    assert(Date.now() - asked > 4_000, "it waits for a while");
    assert.equal(server.logged("another server goes on ending").length, 1);
    assert.equal(storage.count("activities"), 10);
    await held.release();
    await until("the sweep", 10_000, () => storage.count("activities") === 0);
  });
});

describe("a key that can't be destroyed", () => {
  it("makes the server's health degraded after a minute, and is destroyed when it can be", async () => {
    using storage = new Storage("sqlite");
    const keys = join(storage.dataDir, "keys");
    const fault = join(keys, ".eio");
    await using server = await startServer({
      ...storage.settings,
      LD_PRELOAD: ioFaultLibrary,
      CRUDDUR_IO_FAULT_DIR: keys,
      ASAN_OPTIONS: "verify_asan_link_order=0",
    });
    const { token } = await makeAccount(server);
    const { uuid } = await post(server, token, "to be deleted");
    const health = async () => (await call(server, "GET", "/api/health-check")).json;
    assert.equal((await health()).checks.key_destruction, "ok");
    writeFileSync(fault, "");
    try {
      await expect(204, server, "DELETE", `/api/activities/${uuid}`, { token });
      await until(
        "the failure",
        10_000,
        () => server.logged("keys of ended contents can't be").length,
      );
      assert.equal((await health()).checks.key_destruction, "ok", "not at once");
      assert.equal(await metric(server, "cruddur_key_destruction_backlog_keys"), 1);
      storage.execute("UPDATE ended_keys SET ended_at = ended_at - 60000");
      await until("bad health", 10_000, async () => {
        const { status, checks } = await health();
        return status === "degraded" && checks.key_destruction === "unavailable";
      });
      assert.equal((await health()).checks.writes, "ok");
      assert((await metric(server, "cruddur_key_destruction_backlog_seconds")) > 60);
    } finally {
      rmSync(fault);
    }
    await until("good health", 10_000, async () => (await health()).status === "ok");
    assert.equal(storage.count("ended_keys"), 0);
    assert.equal(await metric(server, "cruddur_key_destruction_backlog_seconds"), 0);
    assert.equal(await metric(server, "cruddur_key_destruction_backlog_keys"), 0);
    assert.equal(await metric(server, "cruddur_key_destruction_seconds_count"), 1);
    assert.equal(await metric(server, "cruddur_unreadable_records_total"), 0);
  });
});
