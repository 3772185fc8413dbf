// Of several servers on one PostgreSQL database one sweeps at a time, and none is needed for it.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Account, makeAccounts } from "./support/accounts.ts";
import { metric, post, readAll } from "./support/api.ts";
import { holdRows } from "./support/postgres.ts";
import { type Server, startServer } from "./support/server.ts";
import { Storage } from "./support/storage.ts";
import { until } from "./support/wait.ts";

const many = 2_000;

const expired = "root_uuid IS NULL AND slot IS NULL";

describe("the sweep on two servers", () => {
  it("is one server's at a time, and the other goes on with it when that one is killed", async () => {
    using storage = new Storage("postgres");
    const named = (name: string) => {
      const { settings } = storage;
      return { ...settings, DATABASE_URL: `${settings.DATABASE_URL}&application_name=${name}` };
    };
    const servers = new Map<string, Server>();
    for (const name of ["one", "two"]) servers.set(name, await startServer(named(name)));
    try {
      const first = servers.get("one") as Server;
      const [ada] = (await makeAccounts(first, 1)) as [Account];
      await post(first, ada.token, "stays");

      // The first of them can't be deleted, so the sweep that begins with it stays in its transaction. It is held before
      // its time is over, so that no sweep is faster.
      const ended = Date.now() + 3_000;
      storage.execute(
        `INSERT INTO activities (uuid, user_uuid, created_at, expires_at)
         SELECT gen_random_uuid(), u.uuid, ${ended - 3_600_000}, ${ended} + i
         FROM generate_series(-1, -1) AS i, users u`,
      );
      const held = await holdRows(storage.settings.DATABASE_URL as string, expired);
      storage.execute(
        `INSERT INTO activities (uuid, user_uuid, created_at, expires_at)
         SELECT gen_random_uuid(), u.uuid, ${ended - 3_600_000}, ${ended} + i
         FROM generate_series(1, ${many - 1}) AS i, users u`,
      );
      const holders = () =>
        storage
          .rows(
            `SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
             WHERE l.locktype = 'advisory' AND l.granted AND a.application_name IN ('one', 'two')
             AND a.datname = current_database() AND a.wait_event_type = 'Lock'`,
          )
          .map(([name]) => name as string);
      await until("a sweep that waits for the row", 15_000, () => holders().length > 0);
      const [sweeping, ...others] = holders() as [string];
      assert.deepEqual(others, [], "one sweeps");
      const waiting = sweeping === "one" ? "two" : "one";
      const other = servers.get(waiting) as Server;

      // The look at the next expiry comes after each try of a sweep.
      const lookedAt = () =>
        Number(
          storage.rows(
            `SELECT coalesce(max(extract(epoch FROM query_start)), 0) FROM pg_stat_activity
             WHERE application_name = '${waiting}' AND datname = current_database()
             AND query LIKE 'SELECT expires_at FROM activities%'`,
          )[0]?.[0],
        );
      const before = lookedAt();
      await until("the other to have tried", 15_000, () => lookedAt() > before);
      assert.deepEqual(holders(), [sweeping]);
      assert.equal(await metric(other, "cruddur_expired_posts_total"), 0);
      assert.equal(storage.count("activities", expired), many);
      await post(other, ada.token, "written meanwhile");

      await (servers.get(sweeping) as Server).kill();
      await held.release();
      await until(
        "the other to sweep the rest",
        30_000,
        () => storage.count("activities", expired) === 0,
      );
      const swept = await metric(other, "cruddur_expired_posts_total");
      assert(swept > 0 && swept <= many, `${swept}`);
      const left = await readAll(other, "/api/activities/home");
      assert.deepEqual(
        left.map((each) => each.message),
        ["written meanwhile", "stays"],
      );
    } finally {
      for (const server of servers.values()) if (server.isRunning) await server.stop();
    }
  });
});
