// What fails beside the requests is counted in /metrics and told by the log, without flooding it.
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, it } from "node:test";
import { makeAccount } from "./support/accounts.ts";
import { assertProblem, call, expect, post } from "./support/api.ts";
import { ioFaultLibrary } from "./support/paths.ts";
import { createRole } from "./support/postgres.ts";
import { RawClient } from "./support/raw_client.ts";
import { runCommand, type Server, startServer } from "./support/server.ts";
import { Storage } from "./support/storage.ts";
import { signedRs256 } from "./support/tokens.ts";
import { until } from "./support/wait.ts";

/** The value of a series, such as `name` or `name{reason="io"}`. */
async function metric(server: Pick<Server, "url">, series: string): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const line = text.split("\n").find((each) => each.startsWith(`${series} `));
  assert(line, `no ${series} in:\n${text}`);
  return Number(line.slice(series.length));
}

const refused = (reason: string) => `cruddur_refused_database_work_total{reason="${reason}"}`;
const message = (text: string) => ({ message: text, ttl: "1-hour" });

describe("the identity provider's keys", () => {
  it("that can't be fetched are counted and told once in a while, and so is their return", async () => {
    const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const jwk = { ...pair.publicKey.export({ format: "jwk" }), kid: "k", alg: "RS256", use: "sig" };
    let works = false;
    const issuer = createServer((_, answer) => {
      answer.writeHead(works ? 200 : 500);
      answer.end(JSON.stringify({ keys: [jwk] }));
    }).listen(0, "127.0.0.1");
    await once(issuer, "listening");
    const url = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/eu_Outside`;
    try {
      await using server = await startServer({
        IDENTITY_URL: url,
        IDENTITY_CLIENT_ID: "outside-client",
        CLOCK_MOVABLE: "true",
      });
      const now = Math.floor(Date.now() / 1000);
      const claims = { iss: url, client_id: "outside-client", token_use: "access" };
      const token = signedRs256(
        { alg: "RS256", kid: "k" },
        { sub: "5d1c0f6e-2b1a-4c7e-9d3f-0a1b2c3d4e5f", iat: now, exp: now + 3_600, ...claims },
        pair.privateKey,
      );
      const read = () => call(server, "GET", "/api/activities/home", { token });
      const wait = () =>
        expect(200, server, "POST", "/dev/clock", { json: { advance_seconds: 31 } });
      assert.equal(await metric(server, "cruddur_failed_key_fetches_total"), 0);
      for (const failures of [1, 2, 3]) {
        assertProblem(await read(), 503, "issuer_unavailable");
        assert.equal(await metric(server, "cruddur_failed_key_fetches_total"), failures);
        await wait();
      }
      const [line, ...others] = server.logged("keys can't be fetched");
      assert.match(line ?? "", /error.*count=1.*The issuer gave no keys/);
      assert.deepEqual(others, [], "three failures in a minute");
      works = true;
      assert.equal((await read()).status, 200);
      await until("the good news", 5_000, () => server.logged("keys are fetched again").length);
      assert.equal(await metric(server, "cruddur_failed_key_fetches_total"), 3);
    } finally {
      issuer.close();
    }
  });
});

describe("connections that can't be accepted", () => {
  it("are told once for each listener, and are served when they can be", async () => {
    using storage = new Storage("sqlite");
    const fault = join(storage.dataDir, ".emfile");
    await using server = await startServer({
      ...storage.settings,
      METRICS_ADDRESS: "127.0.0.1:0",
      LD_PRELOAD: ioFaultLibrary,
      CRUDDUR_IO_FAULT_DIR: storage.dataDir,
      ASAN_OPTIONS: "verify_asan_link_order=0",
    });
    const port = Number(server.logged("metrics are read at")[0]?.match(/:(\d+)\D*$/)?.[1]);
    const request = (path: string) =>
      `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
    const waiting: RawClient[] = [];
    writeFileSync(fault, "");
    try {
      for (let i = 0; i < 6; i++) {
        for (const [to, path] of [
          [server.port, "/api/activities/home"],
          [port, "/metrics"],
        ] as const) {
          const client = await RawClient.open({ port: to });
          client.send(request(path));
          waiting.push(client);
        }
      }
      const said = (listener: string, what: string) =>
        server.lines.filter((each) => each.includes(` ${listener} reason=`) && each.includes(what));
      for (const listener of ["connections", "connections for metrics"]) {
        const lines = await until(`a word about ${listener}`, 10_000, () => {
          const found = said(listener, "New connections wait: Too many open files");
          return found.length ? found : undefined;
        });
        assert.equal(lines.length, 1);
      }
      assert(waiting.every((each) => each.received === ""));
      rmSync(fault);
      for (const each of waiting) assert.equal((await each.answer(10_000))?.status, 200);
      for (const listener of ["connections", "connections for metrics"]) {
        await until("the good news", 10_000, () => said(listener, "accepted again").length);
        assert.equal(said(listener, "New connections wait").length, 1);
      }
    } finally {
      rmSync(fault, { force: true });
      for (const each of waiting) each[Symbol.dispose]();
    }
  });
});

describe("log lines that nobody reads", () => {
  it("are counted, and told when somebody reads again", async () => {
    await using server = await startServer();
    assert.equal(await metric(server, "cruddur_lost_log_lines_total"), 0);
    server.pauseLog();
    using client = await RawClient.open(server);
    const batch = `GET /api/${"x".repeat(1_000)} HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(100);
    let lost = 0;
    for (let sent = 0; lost === 0 && sent < 30_000; sent += 1_000) {
      for (let i = 0; i < 10; i++) {
        client.send(batch);
        for (let j = 0; j < 100; j++) assert.equal((await client.answer(20_000))?.status, 404);
      }
      lost = await metric(server, "cruddur_lost_log_lines_total");
    }
    assert(lost > 0);
    server.resumeLog();
    const line = await until("a word about it", 20_000, async () => {
      await expect(200, server, "GET", "/api/activities/home");
      return server.logged("Log lines were lost")[0];
    });
    const told = Number(line.match(/count=(\d+)/)?.[1]);
    assert(told >= lost, `${told} of ${lost}`);
    assert.equal(await metric(server, "cruddur_lost_log_lines_total"), told);
  });
});

describe("work that the database refuses", () => {
  it("is counted by its reason and told once in a while, on PostgreSQL", async () => {
    using storage = new Storage("postgres");
    const owner = storage.settings.DATABASE_URL ?? "";
    assert.equal((await runCommand(["migrate", "up"], storage.settings)).code, 0);
    const role = createRole(owner);
    await using server = await startServer({ ...storage.settings, DATABASE_URL: role.url });
    const { token } = await makeAccount(server);
    assert.equal(await metric(server, refused("forbidden")), 0);
    storage.execute(`REVOKE INSERT ON activities FROM ${role.name}`);
    for (let i = 0; i < 20; i++) {
      const answer = await call(server, "POST", "/api/activities", { token, json: message("no") });
      assertProblem(answer, 503, "database_unavailable");
    }
    assert.equal(await metric(server, refused("forbidden")), 20);
    assert.equal(await metric(server, refused("unreachable")), 0);
    const lines = server.logged("the database refuses work");
    assert.equal(lines.length, 1, lines.join("\n"));
    assert.match(lines[0] ?? "", /error.*reason=forbidden.*permission denied for table activities/);
    storage.execute(`GRANT INSERT ON activities TO ${role.name}`);
    await post(server, token, "again");
  });

  it("is counted by its reason and told once in a while, on SQLite", async () => {
    using storage = new Storage("sqlite");
    const fault = join(storage.dataDir, ".enospc");
    await using server = await startServer({
      ...storage.settings,
      LD_PRELOAD: ioFaultLibrary,
      CRUDDUR_IO_FAULT_DIR: storage.dataDir,
      ASAN_OPTIONS: "verify_asan_link_order=0",
    });
    const { token } = await makeAccount(server);
    writeFileSync(fault, "");
    try {
      for (let i = 0; i < 20; i++) {
        const answer = await call(server, "POST", "/api/activities", {
          token,
          json: message("no"),
        });
        assertProblem(answer, 503, "database_unavailable");
      }
      assert((await metric(server, refused("disk_full"))) >= 20);
      assert.equal(await metric(server, refused("io")), 0);
      const lines = server.logged("the database refuses work");
      assert.equal(lines.length, 1, lines.join("\n"));
      assert.match(lines[0] ?? "", /error.*reason=disk_full/);
    } finally {
      rmSync(fault);
    }
    await until("posting to work again", 10_000, async () => {
      const answer = await call(server, "POST", "/api/activities", { token, json: message("yes") });
      return answer.status === 201;
    });
  });
});
