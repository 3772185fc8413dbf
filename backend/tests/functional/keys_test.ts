// cruddur keys: what the operator can learn of the keys and do with them.
// In one file, since all of its tests share how posts, older copies and damage are made.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { type Account, makeAccount } from "./support/accounts.ts";
import { type Activity, assertProblem, call, expect, post, reply } from "./support/api.ts";
import { assertOneSentence, failure, usage } from "./support/command.ts";
import { guardChild } from "./support/guard.ts";
import { keysIn, keysInDatabase, opening, sealedPost } from "./support/keys.ts";
import { binary } from "./support/paths.ts";
import { runCommand, type Server, type Settings, startServer } from "./support/server.ts";
import { Storage } from "./support/storage.ts";
import { sleep, until } from "./support/wait.ts";

const fileOf = ({ dataDir }: Storage) => join(dataDir, "keys", "content.keys");

async function run(args: string[], settings: Settings): Promise<string> {
  const ended = await runCommand(["keys", ...args], settings);
  assert.equal(ended.code, 0, `${args.join(" ")}: ${ended.stdout}${ended.stderr}`);
  return ended.stdout;
}

const refused = (args: string[], settings: Settings) => runCommand(["keys", ...args], settings);

/** A server for as long as `work` takes. */
async function serving<T>(settings: Settings, work: (server: Server) => Promise<T>): Promise<T> {
  const server = await startServer(settings);
  try {
    return await work(server);
  } finally {
    if (server.isRunning) await server.stop();
  }
}

async function makePosts(settings: Settings, count: number): Promise<[Account, Activity[]]> {
  return serving(settings, async (server) => {
    const account = await makeAccount(server);
    const posts: Activity[] = [];
    for (let i = 0; i < count; ++i) posts.push(await post(server, account.token, `post ${i}`));
    return [account, posts];
  });
}

/** Contents beside the posts of one person: the profile, the account and the key of the index of names. */
const beside = 3;
const sealed = (posts: number) => new RegExp(`Contents that are sealed: ${posts + beside}\\.`);

async function assertAllReadable(server: Server, posts: Activity[]): Promise<void> {
  for (const { uuid, message } of posts) {
    const found = await expect(200, server, "GET", `/api/activities/${uuid}`);
    assert.equal(found.json.activity.message, message);
  }
}

const generationOf = (storage: Storage) =>
  Number(storage.rows("SELECT generation FROM content_key_store")[0]?.[0]);

/** A copy of the key file that is known to be older than what the database saw next. */
async function keepOlderCopy<T>(
  storage: Storage,
  copy: string,
  work: (server: Server) => Promise<T>,
): Promise<T> {
  copyFileSync(fileOf(storage), copy);
  const said = await run(["status"], storage.settings);
  const before = Number(said.match(/generation (\d+);/)?.[1]);
  return serving(storage.settings, async (server) => {
    await until("a newer generation", 15_000, () => generationOf(storage) > before);
    return work(server);
  });
}

const slotsOf = (storage: Storage) =>
  storage.rows("SELECT slot FROM activities WHERE slot IS NOT NULL ORDER BY slot").map(Number);

describe("cruddur keys status", () => {
  it("tells where the keys are and how many, also while a server uses the file", async () => {
    using storage = new Storage("sqlite");
    const unused = await refused(["status"], storage.settings);
    assertOneSentence(unused, failure, /there is no database/i);
    await using server = await startServer(storage.settings);
    const { token } = await makeAccount(server);
    for (let i = 0; i < 3; ++i) await post(server, token, `post ${i}`);
    const running = await run(["status"], storage.settings);
    assert.match(running, /kept in the file .*content\.keys\./);
    assert.match(running, /It is file [0-9a-f-]{36}, generation [1-9]/);
    assert.match(running, /Damaged extents of 1024 keys: 0\./);
    assert.match(running, /A server is using the file/);
    assert.match(running, sealed(3));
    assert.match(running, /Ended keys that wait to be destroyed: none\./);
    assert.match(running, /The store fits the database\./);
    await server.stop();
    storage.execute("INSERT INTO ended_keys (slot, ended_at) VALUES (77, 1700000000000)");
    const before = readFileSync(fileOf(storage));
    const stopped = await run(["status"], storage.settings);
    assert.doesNotMatch(stopped, /A server is using/);
    assert.match(stopped, /destroyed: 1, the first since 2023-11-14T/);
    assert.deepEqual(readFileSync(fileOf(storage)), before);
  });

  it("fails in a sentence when the store does not fit the database", async () => {
    using storage = new Storage("sqlite");
    await makePosts(storage.settings, 1);
    const older = join(storage.dataDir, "older");
    await keepOlderCopy(storage, older, async () => {});
    copyFileSync(older, fileOf(storage));
    assertOneSentence(await refused(["status"], storage.settings), failure, /older copy/);
    rmSync(fileOf(storage));
    const missing = await refused(["status"], storage.settings);
    assertOneSentence(missing, failure, /is missing/);
    assert.match(missing.stdout, sealed(1));
  });

  it("tells of keys in the database, beside its servers", async () => {
    using storage = new Storage("postgres");
    await using server = await startServer(storage.settings);
    const { token } = await makeAccount(server);
    await post(server, token, "sealed");
    const said = await run(["status"], storage.settings);
    assert.match(said, /kept in the database\./);
    assert.match(said, /Keys in it: \d+,/);
    assert.match(said, sealed(1));
    const elsewhere = { ...storage.settings, KEYS_URL: "file:" };
    assertOneSentence(await refused(["status"], elsewhere), failure, /KEYS_URL must be database:/);
  });
});

describe("cruddur keys collect", () => {
  it("destroys what an archive beside the newest keys does not refer to", async () => {
    using storage = new Storage("sqlite");
    const [account, kept] = await makePosts(storage.settings, 3);
    const archive = join(storage.dataDir, "archive.db");
    copyFileSync(storage.file, archive);
    const later = await serving(storage.settings, (server) =>
      post(server, account.token, "after the archive"),
    );
    const sealed = sealedPost(storage, later.uuid);
    const slots = slotsOf(storage);
    copyFileSync(archive, storage.file);
    assert.equal(opening(keysIn(fileOf(storage)), later.uuid, sealed), 1);
    const before = readFileSync(fileOf(storage));
    const counted = await run(["collect"], storage.settings);
    assert.match(counted, /refers to \d+ of \d+ keys; --apply destroys them/);
    assert.deepEqual(readFileSync(fileOf(storage)), before, "a dry run changes nothing");
    assert.match(await run(["collect", "--apply"], storage.settings), /Destroyed \d+ of/);
    assert.equal(opening(keysIn(fileOf(storage)), later.uuid, sealed), 0);
    assert.match(
      await run(["collect"], storage.settings),
      new RegExp(`refers to 0 of ${3 + beside} keys`),
    );
    await serving(storage.settings, async (server) => {
      await assertAllReadable(server, kept);
      await post(server, account.token, "goes on");
    });
    assert(Math.max(...slotsOf(storage)) > Math.max(...slots), "no slot came back");
  });

  it("leaves what a server may still have ready, and takes what nobody has", async () => {
    using storage = new Storage("postgres");
    const [account, posts] = await makePosts(storage.settings, 3);
    const [lost, ...kept] = posts as [Activity, ...Activity[]];
    const sealed = sealedPost(storage, lost.uuid);
    const [[slot]] = storage.rows(`SELECT slot FROM activities WHERE uuid = '${lost.uuid}'`) as [
      [string],
    ];
    storage.execute(
      `ALTER TABLE activities DISABLE TRIGGER ALL; DELETE FROM activities WHERE uuid = '${lost.uuid}'; ALTER TABLE activities ENABLE TRIGGER ALL`,
    );
    await serving(storage.settings, async (server) => {
      assert.match(await run(["collect", "--apply"], storage.settings), /Destroyed 0 of/);
      storage.execute(
        `DELETE FROM content_key_reservations WHERE first <= ${slot} AND first + 1024 > ${slot}`,
      );
      const counted = await run(["collect"], storage.settings);
      const unused = Number(counted.match(/refers to (\d+) of/)?.[1]);
      assert(unused > 1000 && unused < 1024, counted);
      assert.equal(opening(keysInDatabase(storage), lost.uuid, sealed), 1);
      assert.match(
        await run(["collect", "--apply"], storage.settings),
        new RegExp(`Destroyed ${unused} of`),
      );
      assert.equal(opening(keysInDatabase(storage), lost.uuid, sealed), 0);
      await assertAllReadable(server, kept);
      const more = await post(server, account.token, "goes on");
      await assertAllReadable(server, [more]);
    });
  });

  it("never lets a slot be given out that a row has", async () => {
    using storage = new Storage("sqlite");
    const [account, posts] = await makePosts(storage.settings, 1);
    storage.execute(`UPDATE activities SET slot = ${5000 * 1024}`);
    await run(["collect", "--apply"], storage.settings);
    const more = await serving(storage.settings, (server) =>
      post(server, account.token, "goes on"),
    );
    assert.equal(storage.count("activities", `slot > ${5000 * 1024}`), 1, more.uuid);
    assert.equal(posts.length, 1);
  });
});

describe("cruddur keys move", () => {
  const at = (storage: Storage, keys: string): Settings => ({
    ...storage.settings,
    KEYS_URL: keys,
  });

  it("takes every key along under its slot, there and back, and leaves none behind", async () => {
    using storage = new Storage("postgres");
    const [account, posts] = await makePosts(at(storage, "database:"), 5);
    const [first] = posts as [Activity];
    await serving(at(storage, "database:"), async (server) => {
      await expect(204, server, "DELETE", `/api/activities/${first.uuid}`, {
        token: account.token,
      });
    });
    const kept = posts.slice(1);
    const slots = slotsOf(storage);
    assert.match(
      await run(["move", "file:"], storage.settings),
      new RegExp(`Moved ${4 + beside} keys.*KEYS_URL=file:`),
    );
    assert.deepEqual(slotsOf(storage), slots);
    assert.equal(storage.count("content_keys"), 0);
    assertOneSentence(
      await runCommand(["serve"], { ...at(storage, "database:"), PORT: "0" }),
      failure,
      /KEYS_URL must be file:/,
    );
    const more = await serving(at(storage, "file:"), async (server) => {
      await assertAllReadable(server, kept);
      return post(server, account.token, "in the file");
    });
    assert(Math.max(...slotsOf(storage)) > 1024, "slots that the table gave out don't come back");
    const inFile = Math.max(...slotsOf(storage));
    await run(["move", "database:"], at(storage, "file:"));
    assert(!existsSync(fileOf(storage)));
    assert(!existsSync(`${fileOf(storage)}.part`));
    const last = await serving(at(storage, "database:"), async (server) => {
      await assertAllReadable(server, [...kept, more]);
      return post(server, account.token, "in the table again");
    });
    assert(Math.max(...slotsOf(storage)) > inFile, last.uuid);
    assert.match(await run(["move", "database:"], storage.settings), /kept in database: already/);
  });

  it("stopped at any moment leaves one of the two stores in force and loses nothing", async () => {
    using storage = new Storage("postgres");
    const [account, posts] = await makePosts(at(storage, "database:"), 4);
    const target = { "database:": "file:", "file:": "database:" } as const;
    let here: keyof typeof target = "database:";
    const began = performance.now();
    await run(["move", target[here]], storage.settings);
    here = target[here];
    const lasts = performance.now() - began;
    const inForce = () =>
      storage.count("content_key_store", "store = '00000000-0000-0000-0000-000000000000'") === 1
        ? "database:"
        : "file:";
    let stopped = 0;
    const rounds = 24;
    for (let round = 0; round < rounds; ++round) {
      here = inForce();
      const child = spawn(binary, ["keys", "move", target[here]], {
        env: { PATH: process.env.PATH, ...storage.settings },
        stdio: "ignore",
      });
      guardChild(child);
      const closed = once(child, "close");
      await sleep(lasts * (0.3 + (0.7 * round) / rounds));
      child.kill("SIGKILL");
      const [code] = await closed;
      if (code === null) ++stopped;
      // What it had sent may still be carried out.
      await until("its sessions to end", 10_000, () => {
        const others = "datname = current_database() AND pid <> pg_backend_pid()";
        return storage.count("pg_stat_activity", others) === 0;
      });
      if (round % 3 !== 0) continue; // else the next attempt goes on from there
      here = inForce();
      await serving(at(storage, here), async (server) => {
        await assertAllReadable(server, posts);
        posts.push(await post(server, account.token, `round ${round}`));
      });
      // What is not in force is cleared by the start.
      if (here === "file:") assert.equal(storage.count("content_keys"), 0);
      else assert(!existsSync(fileOf(storage)) && !existsSync(`${fileOf(storage)}.part`));
    }
    assert(stopped > 0);
    assert.equal(new Set(slotsOf(storage)).size, posts.length);
  });

  it("is refused while a server runs, and where there is nothing to move to", async () => {
    using sqlite = new Storage("sqlite");
    await makePosts(sqlite.settings, 1);
    assertOneSentence(await refused(["move", "database:"], sqlite.settings), usage, /PostgreSQL/);
    assertOneSentence(
      await refused(["move", "s3:"], sqlite.settings),
      usage,
      /to file:, to database: or/,
    );
    assertOneSentence(await refused(["move"], sqlite.settings), usage, /to file:, to database: or/);
    for (const keys of ["database:", "file:"]) {
      using other = new Storage("postgres");
      await serving(at(other, keys), async () => {
        const to = keys === "file:" ? "database:" : "file:";
        assertOneSentence(await refused(["move", to], other.settings), failure, /stop it first/);
      });
    }
    await serving(sqlite.settings, async () => {
      const busy = await refused(["move", "file:"], sqlite.settings);
      assertOneSentence(busy, failure, /stop it first/);
    });
  });
});

describe("cruddur keys abandon", () => {
  it("goes on without a file that is lost: what it sealed is gone as lost, and nothing else", async () => {
    using storage = new Storage("sqlite");
    const [account, posts] = await makePosts(storage.settings, 3);
    const slots = slotsOf(storage);
    assert.match(await run(["abandon"], storage.settings), /Nothing is lost/);
    rmSync(fileOf(storage));
    const asked = await run(["abandon"], storage.settings);
    assert.match(asked, /posts: 0 can be read, 3 are lost\./);
    assert.match(asked, /Nothing was changed/);
    assert.equal(storage.count("activities", "slot IS NOT NULL"), 3);
    assert(!existsSync(fileOf(storage)));
    assert.match(
      await run(["abandon", "--yes"], storage.settings),
      new RegExp(`Given up: ${3 + beside}`),
    );
    assert.equal(storage.count("gone_activities", "reason = 'lost'"), 3);
    await serving(storage.settings, async (server) => {
      for (const { uuid } of posts) {
        assertProblem(await call(server, "GET", `/api/activities/${uuid}`), 410, "activity_lost");
      }
      const who = await call(server, "GET", "/api/profile/me", { token: account.token });
      assert.equal(who.status, 401, "whose account is lost is signed out");
      const { token } = await makeAccount(server);
      const more = await post(server, token, "a new beginning");
      await assertAllReadable(server, [more]);
      await until("the sweep", 10_000, () => storage.count("activities") === 1);
      for (const { uuid } of posts) {
        assertProblem(await call(server, "GET", `/api/activities/${uuid}`), 410, "activity_lost");
      }
    });
    assert(Math.min(...slotsOf(storage)) > Math.max(...slots), "no slot comes back");
    assert.match(await run(["status"], storage.settings), /The store fits the database/);
  });

  it("keeps what an older copy still opens", async () => {
    using storage = new Storage("sqlite");
    const [account, kept] = await makePosts(storage.settings, 2);
    const older = join(storage.dataDir, "older");
    const lost = await keepOlderCopy(storage, older, async (server) => {
      const root = await post(server, account.token, "lost above a reply");
      await reply(server, account.token, kept[0]?.uuid ?? "", "a lost reply");
      return root;
    });
    const slots = slotsOf(storage);
    copyFileSync(older, fileOf(storage));
    const refusedStart = await runCommand(["serve"], { ...storage.settings, PORT: "0" });
    assertOneSentence(refusedStart, failure, /older copy/);
    const asked = await run(["abandon"], storage.settings);
    assert.match(asked, /posts: 2 can be read, 2 are lost\./);
    await run(["abandon", "--yes"], storage.settings);
    await serving(storage.settings, async (server) => {
      await assertAllReadable(server, kept);
      assertProblem(
        await call(server, "GET", `/api/activities/${lost.uuid}`),
        410,
        "activity_lost",
      );
      const more = await post(server, account.token, "goes on");
      await assertAllReadable(server, [more]);
    });
    assert(Math.max(...slotsOf(storage)) > Math.max(...slots));
    assert.equal(
      keysIn(fileOf(storage)).length >= 1024,
      true,
      "those that open are in the new file",
    );
  });

  it("leaves the replies to a lost post readable", async () => {
    using storage = new Storage("postgres");
    const [account, posts] = await makePosts(storage.settings, 1);
    const [root] = posts as [Activity];
    const answer = await serving(storage.settings, (server) =>
      reply(server, account.token, root.uuid, "below"),
    );
    storage.execute(
      `DELETE FROM content_keys WHERE slot = (SELECT slot FROM activities WHERE uuid = '${root.uuid}')`,
    );
    assert.match(await run(["abandon"], storage.settings), /1 can be read, 1 are lost/);
    await run(["abandon", "--yes"], storage.settings);
    await serving(storage.settings, async (server) => {
      await assertAllReadable(server, [answer]);
      const thread = await expect(200, server, "GET", `/api/activities/${root.uuid}`);
      assert.equal(thread.json.activity.deleted, true);
    });
  });

  it("goes on without a damaged part of the file, whose keys no copy may replace", async () => {
    using storage = new Storage("sqlite");
    const [account, posts] = await makePosts(storage.settings, 2);
    const folder = join(storage.dataDir, "backups");
    await runCommand(["backup", folder], storage.settings);
    const keys = readFileSync(join(folder, "keys"));
    const bytes = readFileSync(fileOf(storage));
    // An extent begins with its number, of which the slots in it are multiples.
    const number = BigInt(Math.floor((slotsOf(storage)[0] ?? 0) / 1024));
    for (let at = 4096; at < bytes.length; at += 4096 + 1024 * 32)
      if (bytes.readBigUInt64LE(at) === number) bytes.write("damage", at + 3);
    writeFileSync(fileOf(storage), bytes);
    assert.match(await run(["status"], storage.settings), /Damaged extents of 1024 keys: 1\./);
    const refusedBackup = await runCommand(["backup", folder], storage.settings);
    assertOneSentence(refusedBackup, failure, /key file is damaged/);
    assert.deepEqual(readFileSync(join(folder, "keys")), keys);
    assert.match(await run(["abandon"], storage.settings), /posts: 0 can be read, 2 are lost/);
    await run(["abandon", "--yes"], storage.settings);
    await serving(storage.settings, async (server) => {
      await assertAllReadable(server, [await post(server, account.token, "goes on")]);
    });
    assert.match(await run(["status"], storage.settings), /Damaged extents of 1024 keys: 0\./);
    assertOneSentence(
      await runCommand(["backup", folder], storage.settings),
      failure,
      /Use another folder/,
    );
    using target = new Storage("sqlite");
    assert.equal((await runCommand(["restore", folder], target.settings)).code, 0);
    await serving(target.settings, (server) => assertAllReadable(server, posts));
  });

  it("is stopped at any moment without harm", async () => {
    using storage = new Storage("sqlite");
    const [account, kept] = await makePosts(storage.settings, 2);
    const older = join(storage.dataDir, "older");
    for (let round = 0; round < 6; ++round) {
      await keepOlderCopy(storage, older, (server) => post(server, account.token, "lost"));
      copyFileSync(older, fileOf(storage));
      const child = spawn(binary, ["keys", "abandon", "--yes"], {
        env: { PATH: process.env.PATH, ...storage.settings },
        stdio: "ignore",
      });
      guardChild(child);
      const closed = once(child, "close");
      await sleep(40 + round * 25);
      child.kill("SIGKILL");
      await closed;
      await run(["abandon", "--yes"], storage.settings);
      await serving(storage.settings, (server) => assertAllReadable(server, kept));
    }
  });

  it("is refused beside another database's file, and while a server runs", async () => {
    using storage = new Storage("sqlite");
    using other = new Storage("sqlite");
    await makePosts(storage.settings, 1);
    await makePosts(other.settings, 1);
    await serving(storage.settings, async () => {
      const busy = await refused(["abandon", "--yes"], storage.settings);
      assertOneSentence(busy, failure, /stop it first/);
    });
    copyFileSync(fileOf(other), fileOf(storage));
    const foreign = await refused(["abandon", "--yes"], storage.settings);
    assertOneSentence(foreign, failure, /belongs to another database/);
  });
});
