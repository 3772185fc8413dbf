// /api/health-check says `degraded` while the database can't be written, and `ok` when it can again.
import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { makeAccount } from "./support/accounts.ts";
import { assertProblem, call, post } from "./support/api.ts";
import { ioFaultLibrary } from "./support/paths.ts";
import { createRole } from "./support/postgres.ts";
import { runCommand, type Server, startServer } from "./support/server.ts";
import { Storage } from "./support/storage.ts";
import { until } from "./support/wait.ts";

/** Reads work all the time, save for a moment in which sessions are opened anew. */
async function healthIs(server: Server, status: "ok" | "degraded"): Promise<void> {
  const answer = await until(`health to be ${status}`, 15_000, async () => {
    const told = await call(server, "GET", "/api/health-check");
    const { database } = told.json.checks;
    return told.json.status === status && database === "ok" ? told : undefined;
  });
  assert.equal(answer.status, status === "ok" ? 200 : 503);
  assert.equal(answer.json.success, status === "ok");
  assert.equal(answer.json.checks.writes, status === "ok" ? "ok" : "unavailable");
}

async function assertRefused(server: Server, token: string): Promise<void> {
  const json = { message: "no", ttl: "1-hour" };
  const answer = await call(server, "POST", "/api/activities", { token, json });
  assertProblem(answer, 503, "database_unavailable");
}

describe("a running server whose database can't be written any more", () => {
  for (const [right, table] of [
    ["UPDATE", "users"],
    ["INSERT", "activities"],
  ]) {
    it(`is degraded after REVOKE ${right} ON ${table}, and ok after GRANT`, async () => {
      using storage = new Storage("postgres");
      assert.equal((await runCommand(["migrate", "up"], storage.settings)).code, 0);
      const role = createRole(storage.settings.DATABASE_URL ?? "");
      await using server = await startServer({ ...storage.settings, DATABASE_URL: role.url });
      const { token } = await makeAccount(server);
      await healthIs(server, "ok");
      storage.execute(`REVOKE ${right} ON ${table} FROM ${role.name}`);
      await healthIs(server, "degraded");
      storage.execute(`GRANT ${right} ON ${table} TO ${role.name}`);
      await healthIs(server, "ok");
      await post(server, token, "given back");
    });
  }

  it("is degraded while its sessions are read-only, and ok when new ones are not", async () => {
    using storage = new Storage("postgres");
    assert.equal((await runCommand(["migrate", "up"], storage.settings)).code, 0);
    const role = createRole(storage.settings.DATABASE_URL ?? "");
    await using server = await startServer({ ...storage.settings, DATABASE_URL: role.url });
    const { token } = await makeAccount(server);
    await healthIs(server, "ok");
    storage.execute(`ALTER ROLE ${role.name} SET default_transaction_read_only = on`);
    storage.execute(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${role.name}'`,
    );
    await healthIs(server, "degraded");
    await assertRefused(server, token);
    storage.execute(`ALTER ROLE ${role.name} RESET default_transaction_read_only`);
    await healthIs(server, "ok");
    await until("posting to work again", 10_000, async () => {
      const json = { message: "given back", ttl: "1-hour" };
      return (await call(server, "POST", "/api/activities", { token, json })).status === 201;
    });
  });

  it("is degraded while SQLite's files are read-only, and ok when they are not", async () => {
    using storage = new Storage("sqlite");
    const fault = join(storage.dataDir, ".erofs");
    await using server = await startServer({
      ...storage.settings,
      LD_PRELOAD: ioFaultLibrary,
      CRUDDUR_IO_FAULT_DIR: storage.dataDir,
      ASAN_OPTIONS: "verify_asan_link_order=0",
    });
    const { token } = await makeAccount(server);
    await healthIs(server, "ok");
    writeFileSync(fault, "");
    try {
      await healthIs(server, "degraded");
      await assertRefused(server, token);
    } finally {
      rmSync(fault);
    }
    await healthIs(server, "ok");
    await post(server, token, "given back");
  });
});

describe("a server that PostgreSQL gives fewer connections than it has event loops", () => {
  it("serves all requests, and says so once", async () => {
    using storage = new Storage("postgres");
    assert.equal((await runCommand(["migrate", "up"], storage.settings)).code, 0);
    const role = createRole(storage.settings.DATABASE_URL ?? "", "CONNECTION LIMIT 3");
    await using server = await startServer({
      ...storage.settings,
      DATABASE_URL: role.url,
      EVENT_LOOPS: "8",
    });
    const { token } = await makeAccount(server);
    const calls = Array.from({ length: 200 }, (_, i) =>
      i % 4
        ? call(server, "GET", "/api/activities/home?limit=5")
        : call(server, "POST", "/api/activities", {
            token,
            json: { message: `${i}`, ttl: "1-hour" },
          }),
    );
    const statuses = (await Promise.all(calls)).map((each) => each.status);
    assert.deepEqual([...new Set(statuses)].sort(), [200, 201]);
    assert.equal(storage.count("activities"), 50);
    assert.equal(server.logged("of 16 connections", "too many connections for role").length, 1);
  });
});
