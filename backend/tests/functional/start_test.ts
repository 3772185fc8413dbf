// Starting the program: settings, what stands in the way, migrations.
import assert from "node:assert/strict";
import { once } from "node:events";
import { readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { makeAccount } from "./support/accounts.ts";
import { post } from "./support/api.ts";
import { assertOneSentence, failure, usage } from "./support/command.ts";
import { makeFolder, removeFolder } from "./support/guard.ts";
import { Pooler } from "./support/pooler.ts";
import { databaseUrl, query, sharedCluster } from "./support/postgres.ts";
import { runCommand, type Settings, startServer } from "./support/server.ts";
import { engines, Storage } from "./support/storage.ts";

const fast: Settings = { PORT: "0", SEED: "false" };

describe("settings", () => {
  const folder = makeFolder("settings");
  after(() => removeFolder(folder));
  const serve = async (settings: Settings, ...flags: string[]) => {
    const ended = await runCommand(["serve", ...flags], {
      ...fast,
      CRUDDUR_DATA_DIR: folder,
      ...settings,
    });
    assert.deepEqual(readdirSync(folder), [], "settings are checked before anything is made");
    return ended;
  };

  it("a bad one is one sentence that names it, and exit code 2", async () => {
    const bad: [Settings, RegExp][] = [
      [{ PORT: "http" }, /PORT/],
      [{ PORT: "65536" }, /PORT/],
      [{ CRUDDUR_ENV: "staging" }, /CRUDDUR_ENV/],
      [{ DATABASE_URL: "mysql://x" }, /DATABASE_URL/],
      [{ KEYS_URL: "s3:" }, /KEYS_URL/],
      [{ KEYS_URL: "database:" }, /KEYS_URL must be file: with SQLite/],
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
    const ended = await serve({
      USER_POOL_SECRET: "hunter2-hunter2",
      SMTP_URL: "http://user:hunter3@host",
    });
    assert.equal(ended.code, usage);
    assert.doesNotMatch(ended.stdout + ended.stderr, /hunter/);
  });

  it("unknown flags and commands are exit code 2", async () => {
    assertOneSentence(await serve({}, "--prot", "1"), usage, /--prot/);
    assertOneSentence(await runCommand([]), usage, /subcommand/i);
    assertOneSentence(await runCommand(["sreve"]), usage, /sreve; did you mean serve\?/);
    assertOneSentence(await runCommand(["migrate", "sideways"]), usage, /sideways/);
    assertOneSentence(await runCommand(["migrate", "statsu"]), usage, /did you mean status\?/);
    assertOneSentence(await runCommand(["keys", "stauts"]), usage, /did you mean status\?/);
    assertOneSentence(await runCommand(["bakcup"]), usage, /did you mean backup\?/);
    assertOneSentence(await runCommand(["keys", "collect", "--aply"]), usage, /mean --apply\?/);
    const flag = await serve({}, "--smtp-ulr=smtp://me:hunter2@host");
    assertOneSentence(flag, usage, /--smtp-ulr; did you mean --smtp-url\?/);
    assert.doesNotMatch(flag.stderr, /hunter2/);
  });

  it("a flag wins over the environment", async () => {
    assertOneSentence(await serve({ PORT: "0" }, "--port", "nope"), usage, /PORT.*nope/);
  });

  it("help and version are exit code 0", async () => {
    for (const args of [
      ["--help"],
      ["serve", "--help"],
      ["migrate", "--help"],
      ["seed", "--help"],
      ["backup", "--help"],
      ["restore", "--help"],
      ["keys", "--help"],
      ["version"],
      ["--version"],
      ["settings"],
    ]) {
      const ended = await runCommand(args);
      assert.equal(ended.code, 0, args.join(" "));
      assert(ended.stdout.length > 0);
      assert.equal(ended.stderr, "");
    }
  });

  it("a data folder that can't be made is told", async () => {
    assertOneSentence(
      await serve({ CRUDDUR_DATA_DIR: "/proc/cruddur" }),
      failure,
      /\/proc\/cruddur/,
    );
  });

  it("a misspelt one in the environment is told at the start, and the rest is served", async () => {
    await using server = await startServer({ SMTP_ULR: "smtp://me:hunter2@host" });
    const [line] = server.logged("SMTP_ULR");
    assert.match(line ?? "", /warning.*did you mean SMTP_URL\?/);
    assert(server.lines.every((each) => !each.includes("hunter2")));
  });

  it("those of a file hold where neither a flag nor the environment says otherwise", async () => {
    using storage = new Storage("sqlite");
    const file = join(storage.dataDir, "settings.env");
    writeFileSync(file, "# quiet\nPORT=nope\nLOG_LEVEL=error\n");
    const settings = { ...storage.settings, CRUDDUR_ENV_FILE: file };
    assertOneSentence(await runCommand(["serve"], settings), usage, /PORT.*nope/);
    await using server = await startServer({ ...settings, PORT: "0", LOG_LEVEL: "info" });
    assert(server.port > 0);
  });

  it("production refuses what is only safe in development", async () => {
    const production = {
      CRUDDUR_ENV: "production",
      BACKEND_URL: "https://cruddur.example",
      SMTP_URL: "smtp://127.0.0.1:1",
    };
    assertOneSentence(await serve({ ...production, BACKEND_URL: undefined }), usage, /BACKEND_URL/);
    assertOneSentence(await serve({ ...production, SMTP_URL: undefined }), usage, /SMTP_URL/);
    assertOneSentence(
      await serve({ ...production, CLOCK_MOVABLE: "true" }),
      usage,
      /CLOCK_MOVABLE/,
    );
  });
});

describe("what stands in the way of a start", () => {
  it("a port in use", async () => {
    const holder = createServer().listen(0, "127.0.0.1");
    await once(holder, "listening");
    const address = holder.address();
    assert(address && typeof address === "object");
    using storage = new Storage("sqlite");
    const ended = await runCommand(["serve"], {
      ...fast,
      ...storage.settings,
      PORT: String(address.port),
    });
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
    const settings = {
      ...fast,
      ...storage.settings,
      DATABASE_URL: "postgres://nobody:s3cret@127.0.0.1:1/none",
    };
    const ended = await runCommand(["serve"], settings);
    assert.equal(ended.code, failure);
    assert.match(ended.stderr, /^cruddur: .+/);
    assert.doesNotMatch(ended.stderr + ended.stdout, /s3cret/);
  });

  for (const engine of engines) {
    it(`a schema from the future, on ${engine}`, async () => {
      using storage = new Storage(engine);
      assert.equal((await runCommand(["migrate", "up"], storage.settings)).code, 0);
      storage.execute(
        "INSERT INTO schema_migrations (number, name, checksum, applied_at) VALUES (99, 'holograms', 'x', 0)",
      );
      assertOneSentence(
        await runCommand(["serve"], { ...fast, ...storage.settings }),
        failure,
        /99.*holograms/,
      );
      for (const what of ["up", "down", "status", "plan"]) {
        assertOneSentence(
          await runCommand(["migrate", what], storage.settings),
          failure,
          /holograms/,
        );
      }
      assert.equal(storage.count("schema_migrations", "number = 99"), 1, "nothing was touched");
    });

    it(`a migration that was changed after it ran, on ${engine}`, async () => {
      using storage = new Storage(engine);
      assert.equal((await runCommand(["migrate", "up"], storage.settings)).code, 0);
      storage.execute("UPDATE schema_migrations SET checksum = 'other' WHERE number = 1");
      assertOneSentence(
        await runCommand(["serve"], { ...fast, ...storage.settings }),
        failure,
        /1 \(activities\)/,
      );
    });

    it(`a key that is not the one the database was sealed with, on ${engine}`, async () => {
      using storage = new Storage(engine);
      await (await startServer(storage.settings)).stop();
      const other = Buffer.alloc(32, 8).toString("base64");
      assertOneSentence(
        await runCommand(["serve"], { ...fast, ...storage.settings, USER_POOL_SECRET: other }),
        failure,
        /USER_POOL_SECRET|secret/,
      );
    });
  }

  it("a PostgreSQL database in another encoding", async () => {
    using storage = new Storage("postgres");
    const folder = sharedCluster();
    const name = `latin_${process.pid}`;
    query(
      databaseUrl(folder, "postgres"),
      `CREATE DATABASE ${name} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0`,
    );
    assertOneSentence(
      await runCommand(["serve"], {
        ...fast,
        ...storage.settings,
        DATABASE_URL: databaseUrl(folder, name),
      }),
      failure,
      /LATIN1.*UTF8/,
    );
  });

  it("a PostgreSQL database that can only be read, or in part", async () => {
    using storage = new Storage("postgres");
    const settings = { ...fast, ...storage.settings };
    assert.equal((await runCommand(["migrate", "up"], storage.settings)).code, 0);
    const role = `reader_${process.pid}`;
    storage.execute(`CREATE ROLE ${role} LOGIN`);
    storage.execute(
      `GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role}; GRANT INSERT, UPDATE, DELETE ON users TO ${role}`,
    );
    const url = storage.settings.DATABASE_URL ?? "";
    const lacking = await runCommand(["serve"], {
      ...settings,
      DATABASE_URL: url.replace("user=cruddur", `user=${role}`),
    });
    assertOneSentence(lacking, failure, /reader_.*lacks rights.*INSERT on activities/);
    assert.doesNotMatch(lacking.stderr, / on users/);
    const readOnly = await runCommand(["serve"], {
      ...settings,
      DATABASE_URL: `${url}&options=-c%20default_transaction_read_only%3Don`,
    });
    assertOneSentence(readOnly, failure, /can only be read/);
  });

  it("a PostgreSQL role that may not make tables", async () => {
    using storage = new Storage("postgres");
    const role = `guest_${process.pid}`;
    storage.execute(`CREATE ROLE ${role} LOGIN`);
    const url = (storage.settings.DATABASE_URL ?? "").replace("user=cruddur", `user=${role}`);
    const ended = await runCommand(["serve"], {
      ...fast,
      ...storage.settings,
      DATABASE_URL: url,
    });
    assertOneSentence(ended, failure, /role.*permission denied for schema/);
  });

  it("a pooler that lends sessions by the transaction, but not one by the session", async () => {
    using storage = new Storage("postgres");
    assert.equal((await runCommand(["migrate", "up"], storage.settings)).code, 0);
    const url = storage.settings.DATABASE_URL ?? "";
    const transactions = await Pooler.start(url, "transaction");
    const sessions = await Pooler.start(url, "session");
    try {
      assertOneSentence(
        await runCommand(["serve"], {
          ...fast,
          ...storage.settings,
          DATABASE_URL: transactions.url,
        }),
        failure,
        /pooler.*one transaction at a time/,
      );
      await (await startServer({ ...storage.settings, DATABASE_URL: sessions.url })).stop();
    } finally {
      await transactions.stop();
      await sessions.stop();
    }
  });

  it("production on PostgreSQL with migrations to do", async () => {
    using storage = new Storage("postgres");
    const settings = {
      ...fast,
      ...storage.settings,
      CRUDDUR_ENV: "production",
      ALLOW_PLAIN_HTTP: "true",
      SMTP_URL: "smtp://127.0.0.1:1",
    };
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
    assert(
      planned.length >= 2 && planned.every((line) => line.startsWith("would apply ")),
      planned.join(),
    );
    const all = planned.map((line) => line.replace("would apply ", ""));
    assert((await migrate("status")).every((line) => / pending /.test(line)));
    assert.deepEqual(
      await migrate("up"),
      all.map((name) => `applied ${name}`),
    );
    assert.deepEqual(await migrate("up"), ["nothing to apply"]);
    assert.deepEqual(await migrate("plan"), ["nothing to apply"]);
    assert((await migrate("status")).every((line) => / applied /.test(line)));
    // What is sealed can't be unsealed; each migration before that is undone in a contract test.
    for (const name of all.slice(15).reverse()) {
      assert.deepEqual(await migrate("down"), [`undid ${name}`]);
    }
    const down = await runCommand(["migrate", "down"], storage.settings);
    assertOneSentence(down, failure, /Migration 15 .* can't be undone: what is sealed/);
    await migrate("up");
    assert((await migrate("status")).every((line) => / applied /.test(line)));
  });
}
