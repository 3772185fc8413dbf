import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { makeAccounts } from "./support/accounts.ts";
import { assertProblem, call, expect, post, readAll } from "./support/api.ts";
import { ioFaultLibrary } from "./support/paths.ts";
import { PostgresCluster } from "./support/postgres.ts";
import { startServer } from "./support/server.ts";
import { engines, Storage } from "./support/storage.ts";
import { Storm } from "./support/storm.ts";
import { sleep, until } from "./support/wait.ts";

const clients = 48;

for (const engine of engines) {
  describe(`durability on ${engine}`, () => {
    it("kill -9 during a storm of posts loses nothing that was acknowledged and doubles nothing", async () => {
      using storage = new Storage(engine);
      let server = await startServer(storage.settings);
      try {
        const storm = new Storm(await makeAccounts(server, 4));
        for (let round = 1; round <= 3; ++round) {
          const raging = storm.rage(server, clients);
          const wanted = storm.acknowledged + 150;
          await until("enough posts", 20_000, () => storm.acknowledged >= wanted);
          await sleep(round * 17);
          await server.kill();
          await raging;
          server = await startServer(storage.settings);
          await storm.verify(server);
        }
        assert(storm.acknowledged >= 450);
        assert(storm.lost > 0, "some were under way");
        await storm.repeat(server);
        await storm.verify(server);
        assert.equal(storage.count("activities"), storm.sent.length);
      } finally {
        if (server.isRunning) await server.stop();
      }
    });

    it("counts equal their rows after kill -9 during likes and replies", async () => {
      using storage = new Storage(engine);
      let server = await startServer(storage.settings);
      try {
        const people = await makeAccounts(server, 12);
        const { uuid } = await post(server, people[0]?.token ?? "", "the root");
        const storming = people.map(async ({ token }, at) => {
          for (let turn = 0; ; ++turn) {
            const path = at % 2 ? "like" : "reply";
            const json = at % 2 ? undefined : { message: `reply ${at} ${turn}` };
            const done = await call(server, "POST", `/api/activities/${uuid}/${path}`, {
              token,
              json,
            }).catch(() => undefined);
            if (!done) return;
          }
        });
        await sleep(700);
        await server.kill();
        await Promise.all(storming);
        server = await startServer(storage.settings);
        const { activity } = (await expect(200, server, "GET", `/api/activities/${uuid}`)).json;
        assert(activity.replies_count > 0);
        assert.equal(activity.likes_count, storage.count("likes"));
        assert.equal(
          activity.replies_count,
          storage.count("activities", "reply_to_uuid IS NOT NULL"),
        );
      } finally {
        if (server.isRunning) await server.stop();
      }
    });
  });
}

describe("a broken disk under SQLite", () => {
  const faults = [
    { name: "a full disk", file: ".enospc" },
    { name: "an I/O error", file: ".eio" },
  ];
  for (const { name, file } of faults) {
    it(`${name} answers 503 with a clear log line, loses nothing acknowledged, and service resumes after it`, async () => {
      using storage = new Storage("sqlite");
      const fault = join(storage.dataDir, file);
      const server = await startServer({
        ...storage.settings,
        LD_PRELOAD: ioFaultLibrary,
        CRUDDUR_IO_FAULT_DIR: storage.dataDir,
        ASAN_OPTIONS: "verify_asan_link_order=0",
      });
      try {
        const people = await makeAccounts(server, 4);
        const storm = new Storm(people);
        const raging = storm.rage(server, clients);
        await until("posts before the fault", 20_000, () => storm.acknowledged >= 100);

        writeFileSync(fault, "");
        await until("refusals", 10_000, () => storm.refused >= 50);
        const [first] = people;
        assert(first);
        const refused = await call(server, "POST", "/api/activities", {
          token: first.token,
          json: { message: "no room", ttl: "1-hour" },
        });
        assertProblem(refused, 503, "database_unavailable");
        assert(refused.headers.has("retry-after"));
        assert.equal(
          (await readAll(server, "/api/activities/home")).length > 0,
          true,
          "reading goes on",
        );
        const health = await until("the health check to tell", 5_000, async () => {
          const answer = await call(server, "GET", "/api/health-check");
          return answer.status === 503 ? answer : undefined;
        });
        assert.equal(health.json.status, "degraded");
        assert.deepEqual(health.json.checks, {
          database: "ok",
          writes: "unavailable",
          key_destruction: "ok",
        });
        const lines = server.logged("error").filter((line) => /disk|I\/O|full/i.test(line));
        assert(
          lines.length > 0,
          `no clear log line among:\n${server.logged("error").slice(0, 5).join("\n")}`,
        );
        assert(lines.length < 200, `${lines.length} lines about one fault`);
        const atFault = storm.acknowledged;

        rmSync(fault);
        await until("posts after the fault", 10_000, () => storm.acknowledged > atFault + 50);
        storm.stop();
        await raging;
        assert.equal(storm.lost, 0, "every request got an answer");
        await storm.repeat(server);
        await storm.verify(server);
      } finally {
        rmSync(fault, { force: true });
        await server.stop();
      }
      const again = await startServer(storage.settings);
      try {
        assert.equal((await call(again, "GET", "/api/health-check")).json.success, true);
        assert(storage.count("activities") >= 150);
      } finally {
        await again.stop();
      }
    });
  }
});

describe("PostgreSQL that goes away", () => {
  it("answers 503 while it is down, loses nothing acknowledged, and service resumes by itself", async () => {
    const cluster = new PostgresCluster();
    try {
      using storage = new Storage("postgres", cluster.folder);
      const server = await startServer(storage.settings);
      try {
        const people = await makeAccounts(server, 4);
        const storm = new Storm(people);
        const raging = storm.rage(server, clients);
        await until("posts before the crash", 20_000, () => storm.acknowledged >= 100);
        cluster.crash();
        await until("refusals", 10_000, () => storm.refused >= 20);
        const health = await call(server, "GET", "/api/health-check");
        assert.equal(health.status, 503);
        assert.equal(health.json.checks.database, "unavailable");
        assert(server.logged("error").length > 0, "the log tells");
        const atCrash = storm.acknowledged;
        cluster.start();
        await until("posts after the crash", 15_000, () => storm.acknowledged > atCrash + 50);
        storm.stop();
        await raging;
        assert.equal(storm.lost, 0, "every request got an answer");
        await storm.repeat(server);
        await storm.verify(server);
        assert.equal((await call(server, "GET", "/api/health-check")).json.success, true);
        const [first] = people;
        const shown = await post(server, first?.token ?? "", "after the crash");
        await until("home to show it", 3_000, async () =>
          (await readAll(server, "/api/activities/home")).some((each) => each.uuid === shown.uuid),
        );
      } finally {
        await server.stop();
      }
    } finally {
      await cluster.end();
    }
  });
});
