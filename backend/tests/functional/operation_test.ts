// The program in use: how it stops, what production is, and the seed.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { describe, it } from "node:test";
import { clientId, draftAccount, makeAccount, poolOk, signIn, signUp } from "./support/accounts.ts";
import { assertProblem, call, expect, post, readAll } from "./support/api.ts";
import { assertOneSentence, failure } from "./support/command.ts";
import { guardChild, makeFolder, removeFolder } from "./support/guard.ts";
import { MailServer } from "./support/mail_server.ts";
import { binary } from "./support/paths.ts";
import { RawClient } from "./support/raw_client.ts";
import { runCommand, Server, startServer } from "./support/server.ts";
import { engines, Storage } from "./support/storage.ts";
import { sleep, timed, until } from "./support/wait.ts";

describe("SIGTERM", () => {
  it("lets requests under way finish, takes no new ones, and exits 0", async () => {
    await using server = await startServer();
    const { token } = await makeAccount(server);
    const body = JSON.stringify({ message: "the last one", ttl: "1-hour" });
    using idle = await RawClient.open(server);
    idle.send("GET /api/health-check HTTP/1.1\r\nHost: x\r\n\r\n");
    assert.equal((await idle.answer())?.status, 200);
    using busy = await RawClient.open(server);
    const head = `POST /api/activities HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
    busy.send(head + body.slice(0, 5));
    await sleep(100);
    server.signal("SIGTERM");
    await idle.closed(2_000);
    await until("new connections to be refused", 2_000, async () =>
      call(server, "GET", "/api/health-check").then(
        () => false,
        () => true,
      ),
    );
    busy.send(body.slice(5));
    const answer = await busy.answer();
    assert.equal(answer?.status, 201);
    assert.equal(answer?.headers.get("connection")?.toLowerCase(), "close");
    assert.equal(await server.ended(), 0);
  });

  it("does not wait longer than its deadline", async () => {
    await using server = await startServer({ SHUTDOWN_DEADLINE: "1" });
    using stuck = await RawClient.open(server);
    stuck.send("POST /cognito-idp/ HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{");
    await sleep(50);
    server.signal("SIGTERM");
    const [code, took] = await timed(() => server.ended());
    assert.equal(code, 0);
    assert(took > 0.5 && took < 4, `${took} s`);
  });

  it("sent twice ends the server at once", async () => {
    await using server = await startServer({ SHUTDOWN_DEADLINE: "60" });
    using stuck = await RawClient.open(server);
    stuck.send("POST /cognito-idp/ HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{");
    await sleep(50);
    server.signal("SIGTERM");
    await until("the first to be heard", 3_000, () => server.logged("stopping").length > 0);
    server.signal("SIGTERM");
    const [, took] = await timed(() => server.ended());
    assert(took < 3, `${took} s`);
  });

  it("in the middle of a start is heard too", async () => {
    for (const delay of [20, 120, 400]) {
      const server = new Server({});
      await sleep(delay);
      server.signal("SIGTERM");
      const [, took] = await timed(() => server.ended());
      assert(took < 8, `${took} s`);
      await server[Symbol.asyncDispose]();
    }
  });
});

describe("SIGTERM while a start hangs", () => {
  it("ends it within about a second", async () => {
    const silent = createServer().listen(0, "127.0.0.1"); // a database that never answers
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    const asked = once(silent, "connection");
    using storage = new Storage("sqlite");
    const server = new Server({
      ...storage.settings,
      DATABASE_URL: `postgres://nobody@127.0.0.1:${port}/none`,
    });
    const [socket] = await asked;
    server.signal("SIGTERM");
    const [code, took] = await timed(() => server.ended());
    assert(code === 0 || code === 143, `${code}`);
    assert(took < 3, `${took} s`);
    socket.destroy();
    silent.close();
  });
});

describe("SIGHUP", () => {
  it("takes the log level anew from the file of settings, and ends nothing", async () => {
    using storage = new Storage("sqlite");
    const file = join(storage.dataDir, "settings.env");
    writeFileSync(file, "LOG_LEVEL=info\n");
    await using server = await startServer({ ...storage.settings, CRUDDUR_ENV_FILE: file });
    writeFileSync(file, "LOG_LEVEL=error\n");
    server.signal("SIGHUP");
    await until(
      "the level",
      5_000,
      () => server.logged("log level read anew", "level=error").length,
    );
    await expect(200, server, "GET", "/api/health-check");
    writeFileSync(file, "LOG_LEVEL=loud\n");
    server.signal("SIGHUP");
    await until("a complaint", 5_000, () => server.logged("SIGHUP changes nothing", "loud").length);
    assert.equal(server.logged("/api/health-check").length, 0);
    writeFileSync(file, "LOG_LEVEL=info\n");
    server.signal("SIGHUP");
    await until(
      "the level",
      5_000,
      () => server.logged("log level read anew", "level=info").length,
    );
    await expect(200, server, "GET", "/api/health-check");
    await until("the request", 5_000, () => server.logged("/api/health-check").length);
  });

  it("says so when there is nothing to read anew", async () => {
    await using server = await startServer();
    server.signal("SIGHUP");
    await until("a line", 5_000, () => server.logged("SIGHUP changes nothing").length);
    await expect(200, server, "GET", "/api/health-check");
  });
});

describe("a log that nobody reads", () => {
  it("holds up neither requests nor the end, and what was lost is told", async () => {
    const data = makeFolder("unread");
    const holder = createServer().listen(0, "127.0.0.1");
    await once(holder, "listening");
    const { port } = holder.address() as AddressInfo;
    holder.close();
    await once(holder, "close");
    const child = spawn(binary, ["serve"], {
      env: {
        PATH: process.env.PATH,
        CRUDDUR_DATA_DIR: data,
        PORT: String(port),
        SEED: "false",
        CRUDDUR_ENV: "development",
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    guardChild(child);
    const closed = once(child, "exit");
    let stderr = "";
    child.stderr.on("data", (part) => (stderr += part));
    const server = { url: `http://127.0.0.1:${port}` };
    const path = `/${"x".repeat(4_000)}`; // in the log, too
    const ask = () => fetch(server.url + path).then((answer) => answer.status);
    await until("the server", 20_000, () =>
      ask().then(
        () => true,
        () => false,
      ),
    );
    for (let i = 0; i < 40; ++i) assert.equal(await ask(), 200); // 160 KB into a pipe of 64
    child.kill("SIGTERM");
    const [[code], took] = await timed(() => closed);
    assert.equal(code, 0, stderr);
    assert(took < 6, `${took} s`);
    assert.match(stderr, /cruddur: \d+ log lines were lost/);
    removeFolder(data);
  });
});

describe("production", () => {
  it("confirms by mail, has nothing under /dev, logs JSON and seeds nothing", async () => {
    const mail = await MailServer.start();
    try {
      await using server = await startServer({
        CRUDDUR_ENV: "production",
        HOST: "127.0.0.1",
        BACKEND_URL: "https://cruddur.example",
        SMTP_URL: mail.url(),
        SEED: "true",
      });
      for (const [method, path] of [
        ["GET", "/dev/outbox"],
        ["GET", "/dev/clock"],
        ["POST", "/dev/clock"],
        ["GET", "/dev/"],
      ] as const) {
        assertProblem(
          await call(server, method, path, { headers: { accept: "text/html" } }),
          404,
          "path_not_found",
        );
      }
      assert.deepEqual((await expect(200, server, "GET", "/api/activities/home")).json.data, []);
      const config = (await expect(200, server, "GET", "/config.json")).json;
      assert.equal(config.environment, "production");
      assert.equal(config.outbox, false);
      assert.equal(config.identity.user_pool_endpoint, "https://cruddur.example/cognito-idp/");
      const page = await call(server, "GET", "/");
      assert.match(page.headers.get("strict-transport-security") ?? "", /max-age=\d{7,}/);
      assert.match(page.headers.get("content-security-policy") ?? "", /default-src 'self'/);
      assert.match(page.headers.get("content-security-policy") ?? "", /frame-ancestors 'none'/);
      assert.equal(page.headers.get("x-content-type-options"), "nosniff");
      assert(page.headers.has("referrer-policy"));

      const who = draftAccount();
      assert.equal((await signUp(server, who)).status, 200);
      const { code } = await mail.letterTo(who.email);
      await poolOk(server, "ConfirmSignUp", {
        ClientId: clientId,
        Username: who.email,
        ConfirmationCode: code,
      });
      const { token, refreshToken } = await signIn(server, who);
      await post(server, token, "live");
      const refused = await call(server, "OPTIONS", "/api/activities", {
        headers: { origin: "http://localhost:3000", "access-control-request-method": "POST" },
      });
      assertProblem(refused, 403, "origin_forbidden");

      await until(
        "the access log",
        2_000,
        () => server.logged("/api/activities", "201").length > 0,
      );
      for (const line of server.lines) {
        const entry = JSON.parse(line);
        assert(entry.time && entry.level && entry.message, line);
      }
      for (const secret of [who.password, code, token, refreshToken, who.email]) {
        assert(!server.lines.some((line) => line.includes(secret)), "a secret in the log");
      }
    } finally {
      await mail.stop();
    }
  });
});

describe("the seed", () => {
  const demo = { email: "demo@cruddur.example", handle: "demo", name: "", address: "10.255.0.1" };

  for (const engine of engines) {
    it(`fills an empty database once, and says how to sign in, on ${engine}`, async () => {
      using storage = new Storage(engine);
      const settings = { ...storage.settings, SEED: "true" };
      let server = await startServer(settings);
      try {
        const [line] = server.logged("seeded");
        assert(line?.includes(demo.email), "it is told on the terminal");
        const password = line?.match(/password="?([^"\s]+(?: [^"\s]+)*)"?/)?.[1] ?? "";
        const { token } = await signIn(server, { ...demo, password });
        assert.equal(
          (await expect(200, server, "GET", "/api/profile/me", { token })).json.handle,
          "demo",
        );
        const home = await readAll(server, "/api/activities/home");
        assert(home.length >= 5);
        assert(new Set(home.map((each) => each.author?.handle)).size >= 3, "several people");
        assert(
          home.some((each) => each.likes_count > 0) && home.some((each) => each.replies_count > 0),
        );
        assert(home.every((each) => Date.parse(each.expires_at) > Date.now()));
        const lives = home.map((each) => Date.parse(each.expires_at) - Date.parse(each.created_at));
        assert(new Set(lives).size >= 4, "different lifetimes");

        await server.stop();
        server = await startServer(settings);
        assert.equal(server.logged("seeded").length, 0);
        assert.equal((await readAll(server, "/api/activities/home")).length, home.length);
        await server.stop();

        const again = await runCommand(["seed"], settings);
        assertOneSentence({ ...again, stdout: "" }, failure, /already|taken/i);
        server = await startServer(settings);
        assert.equal((await readAll(server, "/api/activities/home")).length, home.length);
      } finally {
        if (server.isRunning) await server.stop();
      }
    });
  }

  it("leaves existing data alone, also when all its posts are gone", async () => {
    using storage = new Storage("sqlite");
    let server = await startServer(storage.settings);
    await makeAccount(server);
    await server.stop();
    server = await startServer({ ...storage.settings, SEED: "true" });
    assert.deepEqual(await readAll(server, "/api/activities/home"), []);
    await server.stop();
    const asked = await runCommand(["seed"], storage.settings);
    assertOneSentence({ ...asked, stdout: "" }, failure, /people in this database/);
  });

  it("never comes in production", async () => {
    using storage = new Storage("sqlite");
    const production = {
      CRUDDUR_ENV: "production",
      BACKEND_URL: "https://cruddur.example",
      SMTP_URL: "smtp://127.0.0.1:9",
    };
    const ended = await runCommand(["seed"], { ...storage.settings, ...production });
    assertOneSentence({ ...ended, stdout: "" }, failure, /development only/);
  });

  it("comes on demand", async () => {
    using storage = new Storage("sqlite");
    const ended = await runCommand(["seed"], storage.settings);
    assert.equal(ended.code, 0, ended.stderr);
    await using server = await startServer(storage.settings);
    assert((await readAll(server, "/api/activities/home")).length >= 5);
  });
});
