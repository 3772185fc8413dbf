// The program as an operator meets it: its settings, exit codes, signals and neighbours.
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { after, describe, it } from "node:test";
import { clientId, draftAccount, makeAccount, pool, poolOk, signIn, signUp } from "./support/accounts.ts";
import { assertProblem, call, expect, post, readAll, reply } from "./support/api.ts";
import { makeFolder, removeFolder } from "./support/guard.ts";
import { MailServer } from "./support/mail_server.ts";
import { createDatabase } from "./support/postgres.ts";
import { RawClient } from "./support/raw_client.ts";
import { type Ended, runCommand, Server, type Settings, startServer } from "./support/server.ts";
import { engines, Storage } from "./support/storage.ts";
import { sleep, timed, until } from "./support/wait.ts";

const usage = 2;
const failure = 1;

function assertOneSentence(ended: Ended, code: number, what: RegExp): void {
  const said = `${ended.stdout}${ended.stderr}`;
  assert.equal(ended.code, code, said);
  const complaints = ended.stderr.trim().split("\n");
  assert.equal(complaints.length, 1, `more than one line: ${ended.stderr}`);
  assert.match(ended.stderr, /^cruddur: /);
  assert.match(ended.stderr, what);
}

const fast: Settings = { PORT: "0", SEED: "false" };

describe("settings", () => {
  const folder = makeFolder("settings");
  after(() => removeFolder(folder));
  const serve = async (settings: Settings, ...flags: string[]) => {
    const ended = await runCommand(["serve", ...flags], { ...fast, CRUDDUR_DATA_DIR: folder, ...settings });
    assert.deepEqual(readdirSync(folder), [], "settings are checked before anything is made");
    return ended;
  };

  it("a bad one is one sentence that names it, and exit code 2", async () => {
    const bad: [Settings, RegExp][] = [
      [{ PORT: "http" }, /PORT/],
      [{ PORT: "65536" }, /PORT/],
      [{ CRUDDUR_ENV: "staging" }, /CRUDDUR_ENV/],
      [{ DATABASE_URL: "mysql://x" }, /DATABASE_URL/],
      [{ BACKEND_URL: "localhost" }, /BACKEND_URL/],
      [{ FRONTEND_URL: "http://x/path" }, /FRONTEND_URL/],
      [{ IDENTITY_URL: "cognito" }, /IDENTITY_URL/],
      [{ SMTP_URL: "mail.example" }, /SMTP_URL/],
      [{ LOG_LEVEL: "loud" }, /LOG_LEVEL/],
      [{ SEED: "perhaps" }, /SEED/],
      [{ EVENT_LOOPS: "-1" }, /EVENT_LOOPS/],
      [{ ACCESS_TOKEN_LIFETIME: "1.5" }, /ACCESS_TOKEN_LIFETIME/],
      [{ HOST: "not an address" }, /HOST/],
      [{ TRUSTED_PROXIES: "10.0.0.0/99" }, /TRUSTED_PROXIES/],
      [{ USER_POOL_SECRET: "short" }, /USER_POOL_SECRET/],
    ];
    for (const [settings, what] of bad) assertOneSentence(await serve(settings), usage, what);
  });

  it("a secret that is wrong is not printed", async () => {
    const ended = await serve({ USER_POOL_SECRET: "hunter2-hunter2", SMTP_URL: "http://user:hunter3@host" });
    assert.equal(ended.code, usage);
    assert.doesNotMatch(ended.stdout + ended.stderr, /hunter/);
  });

  it("unknown flags and commands are exit code 2", async () => {
    assertOneSentence(await serve({}, "--prot", "1"), usage, /--prot/);
    assertOneSentence(await runCommand([]), usage, /subcommand/i);
    assertOneSentence(await runCommand(["sreve"]), usage, /sreve|subcommand/);
    assertOneSentence(await runCommand(["migrate", "sideways"]), usage, /sideways/);
  });

  it("a flag wins over the environment", async () => {
    assertOneSentence(await serve({ PORT: "0" }, "--port", "nope"), usage, /PORT.*nope/);
  });

  it("help and version are exit code 0", async () => {
    for (const args of [["--help"], ["serve", "--help"], ["migrate", "--help"], ["seed", "--help"], ["version"], ["settings"]]) {
      const ended = await runCommand(args);
      assert.equal(ended.code, 0, args.join(" "));
      assert(ended.stdout.length > 0);
      assert.equal(ended.stderr, "");
    }
  });

  it("a data folder that can't be made is told", async () => {
    assertOneSentence(await serve({ CRUDDUR_DATA_DIR: "/proc/cruddur" }), failure, /\/proc\/cruddur/);
  });

  it("production refuses what is only safe in development", async () => {
    const production = { CRUDDUR_ENV: "production", BACKEND_URL: "https://cruddur.example", SMTP_URL: "smtp://127.0.0.1:1" };
    assertOneSentence(await serve({ ...production, BACKEND_URL: undefined }), usage, /BACKEND_URL/);
    assertOneSentence(await serve({ ...production, SMTP_URL: undefined }), usage, /SMTP_URL/);
    assertOneSentence(await serve({ ...production, CLOCK_MOVABLE: "true" }), usage, /CLOCK_MOVABLE/);
  });
});

describe("what stands in the way of a start", () => {
  it("a port in use", async () => {
    const holder = createServer().listen(0, "127.0.0.1");
    await once(holder, "listening");
    const address = holder.address();
    assert(address && typeof address === "object");
    using storage = new Storage("sqlite");
    const ended = await runCommand(["serve"], { ...fast, ...storage.settings, PORT: String(address.port) });
    holder.close();
    assertOneSentence(ended, failure, new RegExp(`port ${address.port}: another program`));
  });

  it("another server on the same data folder, which goes on unharmed", async () => {
    using storage = new Storage("sqlite");
    await using server = await startServer(storage.settings);
    const ended = await runCommand(["serve"], { ...fast, ...storage.settings });
    assertOneSentence(ended, failure, /in use|another/i);
    const { token } = await makeAccount(server);
    await post(server, token, "unharmed");
  });

  it("a PostgreSQL that is not there", async () => {
    using storage = new Storage("sqlite");
    const settings = { ...fast, ...storage.settings, DATABASE_URL: "postgres://nobody:s3cret@127.0.0.1:1/none" };
    const ended = await runCommand(["serve"], settings);
    assert.equal(ended.code, failure);
    assert.match(ended.stderr, /^cruddur: .+/);
    assert.doesNotMatch(ended.stderr + ended.stdout, /s3cret/);
  });

  for (const engine of engines) {
    it(`a schema from the future, on ${engine}`, async () => {
      using storage = new Storage(engine);
      assert.equal((await runCommand(["migrate", "up"], storage.settings)).code, 0);
      storage.execute("INSERT INTO schema_migrations (number, name, checksum, applied_at) VALUES (99, 'holograms', 'x', 0)");
      assertOneSentence(await runCommand(["serve"], { ...fast, ...storage.settings }), failure, /99.*holograms/);
      for (const what of ["up", "down", "status", "plan"]) {
        assertOneSentence(await runCommand(["migrate", what], storage.settings), failure, /holograms/);
      }
      assert.equal(storage.count("schema_migrations", "number = 99"), 1, "nothing was touched");
    });

    it(`a migration that was changed after it ran, on ${engine}`, async () => {
      using storage = new Storage(engine);
      assert.equal((await runCommand(["migrate", "up"], storage.settings)).code, 0);
      storage.execute("UPDATE schema_migrations SET checksum = 'other' WHERE number = 1");
      assertOneSentence(await runCommand(["serve"], { ...fast, ...storage.settings }), failure, /1 \(activities\)/);
    });

    it(`a key that is not the one the database was sealed with, on ${engine}`, async () => {
      using storage = new Storage(engine);
      await (await startServer(storage.settings)).stop();
      const other = Buffer.alloc(32, 8).toString("base64");
      assertOneSentence(await runCommand(["serve"], { ...fast, ...storage.settings, USER_POOL_SECRET: other }), failure, /USER_POOL_SECRET|secret/);
    });
  }

  it("production on PostgreSQL with migrations to do", async () => {
    using storage = new Storage("postgres");
    const settings = { ...fast, ...storage.settings, CRUDDUR_ENV: "production", SMTP_URL: "smtp://127.0.0.1:1" };
    assertOneSentence(await runCommand(["serve"], settings), failure, /migrate up/);
  });
});

for (const engine of engines) {
  it(`migrate up, status, plan and down tell what they do, on ${engine}`, async () => {
    using storage = new Storage(engine);
    const migrate = async (what: string) => {
      const ended = await runCommand(["migrate", what], storage.settings);
      assert.equal(ended.code, 0, ended.stderr);
      return ended.stdout.trim().split("\n");
    };
    const planned = await migrate("plan");
    assert(planned.length >= 2 && planned.every((line) => line.startsWith("would apply ")), planned.join());
    const all = planned.map((line) => line.replace("would apply ", ""));
    assert((await migrate("status")).every((line) => / pending /.test(line)));
    assert.deepEqual(await migrate("up"), all.map((name) => `applied ${name}`));
    assert.deepEqual(await migrate("up"), ["nothing to apply"]);
    assert.deepEqual(await migrate("plan"), ["nothing to apply"]);
    assert((await migrate("status")).every((line) => / applied /.test(line)));
    for (const name of all.toReversed()) assert.deepEqual(await migrate("down"), [`undid ${name}`]);
    assert.deepEqual(await migrate("down"), ["nothing to undo"]);
    assert.deepEqual(await migrate("up"), all.map((name) => `applied ${name}`));
  });
}

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
    await until("new connections to be refused", 2_000, async () => call(server, "GET", "/api/health-check").then(() => false, () => true));
    busy.send(body.slice(5));
    const answer = await busy.answer();
    assert.equal(answer?.status, 201);
    assert.equal(answer?.headers.get("connection")?.toLowerCase(), "close");
    assert.equal(await server.ended(), 0);
  });

  it("does not wait longer than its deadline", async () => {
    await using server = await startServer({ SHUTDOWN_DEADLINE: "1" });
    using stuck = await RawClient.open(server);
    stuck.send("POST /api/activities HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{");
    await sleep(50);
    const [code, took] = await timed(() => (server.signal("SIGTERM"), server.ended()));
    assert.equal(code, 0);
    assert(took > 0.5 && took < 4, `${took} s`);
  });

  it("sent twice ends the server at once", async () => {
    await using server = await startServer({ SHUTDOWN_DEADLINE: "60" });
    using stuck = await RawClient.open(server);
    stuck.send("POST /api/activities HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{");
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

describe("production", () => {
  it("confirms by mail, has nothing under /dev, logs JSON and seeds nothing", async () => {
    const mail = await MailServer.start();
    try {
      await using server = await startServer({
        CRUDDUR_ENV: "production", HOST: "127.0.0.1", BACKEND_URL: "https://cruddur.example", SMTP_URL: mail.url, SEED: "true",
      });
      for (const [method, path] of [["GET", "/dev/outbox"], ["GET", "/dev/clock"], ["POST", "/dev/clock"], ["GET", "/dev/"]] as const) {
        assertProblem(await call(server, method, path, { headers: { accept: "text/html" } }), 404, "path_not_found");
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
      await poolOk(server, "ConfirmSignUp", { ClientId: clientId, Username: who.email, ConfirmationCode: code });
      const { token, refreshToken } = await signIn(server, who);
      await post(server, token, "live");
      const refused = await call(server, "OPTIONS", "/api/activities", { headers: { origin: "http://localhost:3000", "access-control-request-method": "POST" } });
      assertProblem(refused, 403, "origin_forbidden");

      await until("the access log", 2_000, () => server.logged("/api/activities", "201").length > 0);
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
        assert.equal((await expect(200, server, "GET", "/api/profile/me", { token })).json.handle, "demo");
        const home = await readAll(server, "/api/activities/home");
        assert(home.length >= 5);
        assert(new Set(home.map((each) => each.handle)).size >= 3, "several people");
        assert(home.some((each) => each.likes_count > 0) && home.some((each) => each.replies_count > 0));
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
    assert.deepEqual((await readAll(server, "/api/activities/home")), []);
    await server.stop();
  });

  it("comes on demand", async () => {
    using storage = new Storage("sqlite");
    const ended = await runCommand(["seed"], storage.settings);
    assert.equal(ended.code, 0, ended.stderr);
    await using server = await startServer(storage.settings);
    assert((await readAll(server, "/api/activities/home")).length >= 5);
  });
});

describe("two servers on one PostgreSQL", () => {
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
      await soon("the reader's own like", async () => (await atHome(here, uuid, grace.token))?.liked);
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
    await soon("its token to be refused", async () => (await call(two, "GET", "/api/profile/me", { token: leaver.token })).status === 401);
  });

  it("signing out at one is heard at the other within a second, everywhere and here", async () => {
    using storage = new Storage("postgres");
    await using one = await startServer(storage.settings);
    await using two = await startServer(storage.settings);
    const who = await makeAccount(one);
    const status = async (server: Server) => (await call(server, "GET", "/api/profile/me", { token: who.token })).status;
    assert.deepEqual([await status(one), await status(two)], [200, 200]);
    await poolOk(one, "GlobalSignOut", { AccessToken: who.token });
    await until("the other to refuse", 1_000, async () => (await status(two)) === 401);
    assert.equal(await status(one), 401);
  });

  it("the doorbell's connection may be cut, and what was missed is shown soon after", async () => {
    using storage = new Storage("postgres");
    await using one = await startServer(storage.settings);
    await using two = await startServer(storage.settings);
    const { token } = await makeAccount(one);
    storage.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
    let uuid = "";
    await until("posts again", 5_000, async () => {
      const answer = await call(one, "POST", "/api/activities", { token, json: { message: "after the cut", ttl: "1-hour" } });
      uuid = answer.json?.uuid ?? "";
      return answer.status === 201;
    });
    await until("the other to show it", 5_000, async () => (await readAll(two, "/api/activities/home")).some((each) => each.uuid === uuid));
  });

  it("two that start at the same moment on an empty database both serve", async () => {
    using storage = new Storage("postgres");
    const both = await Promise.all([startServer(storage.settings), startServer(storage.settings)]);
    try {
      const who = await makeAccount(both[0]);
      assert.equal((await call(both[1], "GET", "/api/profile/me", { token: who.token })).status, 200);
    } finally {
      for (const server of both) await server.stop();
    }
  });

  it("a database of another name is another world", async () => {
    using storage = new Storage("postgres");
    await using one = await startServer(storage.settings);
    await using other = await startServer({ ...storage.settings, DATABASE_URL: createDatabase(), CRUDDUR_DATA_DIR: `${storage.dataDir}/other` });
    const who = await makeAccount(one);
    const answer = await pool(other, "InitiateAuth", { ClientId: clientId, AuthFlow: "USER_PASSWORD_AUTH", AuthParameters: { USERNAME: who.email, PASSWORD: who.password } });
    assert.equal(answer.json.__type, "NotAuthorizedException");
    assert.equal((await call(other, "GET", "/api/profile/me", { token: who.token })).status, 401);
  });
});
