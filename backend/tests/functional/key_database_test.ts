// Keys in a PostgreSQL database of their own (KEYS_URL=postgres://…).
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { type Account, makeAccount } from "./support/accounts.ts";
import { type Activity, assertProblem, call, expect, post } from "./support/api.ts";
import { assertOneSentence, failure, usage } from "./support/command.ts";
import { keysInDatabase, opening, sealedPost } from "./support/keys.ts";
import { PostgresCluster } from "./support/postgres.ts";
import { runCommand, type Server, type Settings, startServer } from "./support/server.ts";
import { Storage } from "./support/storage.ts";
import { until } from "./support/wait.ts";

class Places implements Disposable {
  readonly posts = new Storage("postgres");
  readonly keys: Storage;

  constructor(cluster?: string) {
    this.keys = new Storage("postgres", cluster);
  }

  get address(): string {
    return this.keys.settings.DATABASE_URL as string;
  }

  at(keysUrl: string): Settings {
    return { ...this.posts.settings, KEYS_URL: keysUrl };
  }

  get settings(): Settings {
    return this.at(this.address);
  }

  [Symbol.dispose](): void {
    this.posts[Symbol.dispose]();
    this.keys[Symbol.dispose]();
  }
}

async function run(args: string[], settings: Settings): Promise<string> {
  const ended = await runCommand(args, settings);
  assert.equal(ended.code, 0, `${args.join(" ")}: ${ended.stdout}${ended.stderr}`);
  return ended.stdout;
}

const refusedStart = async (settings: Settings, what: RegExp) =>
  assertOneSentence(await runCommand(["serve"], { ...settings, PORT: "0" }), failure, what);

async function makePosts(settings: Settings, count: number): Promise<[Account, Activity[]]> {
  await using server = await startServer(settings);
  const account = await makeAccount(server);
  const posts: Activity[] = [];
  for (let i = 0; i < count; ++i) posts.push(await post(server, account.token, `post ${i}`));
  await server.stop();
  return [account, posts];
}

async function assertReadable(server: Server, posts: Activity[]): Promise<void> {
  for (const { uuid, message } of posts) {
    const found = await expect(200, server, "GET", `/api/activities/${uuid}`);
    assert.equal(found.json.activity.message, message);
  }
}

describe("keys in a database of their own", () => {
  it("are in no other, serve several servers, and go when their post does", async () => {
    using places = new Places();
    await using first = await startServer(places.settings);
    await using second = await startServer(places.settings);
    const { token } = await makeAccount(first);
    const here = await post(first, token, "by the first");
    const there = await post(second, token, "by the second");
    await assertReadable(second, [here, there]);
    assert.equal(places.posts.count("content_keys"), 0);
    const sealed = sealedPost(places.posts, here.uuid);
    assert.equal(opening(keysInDatabase(places.keys), here.uuid, sealed), 1);
    await expect(204, first, "DELETE", `/api/activities/${here.uuid}`, { token });
    await until(
      "the end of its key",
      10_000,
      () => opening(keysInDatabase(places.keys), here.uuid, sealed) === 0,
    );
    await assertReadable(first, [there]);
    const said = await run(["keys", "status"], places.settings);
    assert.match(said, /kept in a database of their own\./);
    assert.match(said, /It is [0-9a-f-]{36}, generation [1-9]/);
    assert.match(said, /The store fits the database\./);
    assert.match(await run(["keys", "collect"], places.settings), /refers to 0 of \d+ keys/);
  });

  it("are not found elsewhere: in a sentence, and nothing is written", async () => {
    using places = new Places();
    using others = new Places();
    await makePosts(places.settings, 1);
    await makePosts(others.settings, 1);
    using empty = new Storage("postgres");
    const before = places.keys.count("content_keys");
    await refusedStart(places.at("database:"), /KEYS_URL must be its address/);
    await refusedStart(places.at("file:"), /KEYS_URL must be its address/);
    await refusedStart(places.at(others.address), /belong to another database/);
    await refusedStart(places.at(empty.settings.DATABASE_URL as string), /has no keys/);
    await refusedStart(
      places.at(others.posts.settings.DATABASE_URL as string),
      /database of posts/,
    );
    using fresh = new Storage("postgres");
    await refusedStart(
      { ...fresh.settings, KEYS_URL: places.address },
      /belong to another database/,
    );
    const own = fresh.settings.DATABASE_URL as string;
    const same = await runCommand(["serve"], { ...fresh.settings, KEYS_URL: own, PORT: "0" });
    assertOneSentence(same, usage, /KEYS_URL must be database:/);
    await refusedStart({ ...fresh.settings, KEYS_URL: `${own}&port=5432` }, /the same database/);
    using sqlite = new Storage("sqlite");
    const small = await runCommand(["serve"], { ...sqlite.settings, KEYS_URL: places.address });
    assertOneSentence(small, usage, /KEYS_URL must be file:/);
    places.posts.execute("UPDATE content_key_store SET generation = 9999");
    await refusedStart(places.settings, /older copy/);
    assert.equal(places.keys.count("content_keys"), before);
  });

  it("are waited for when their database is away: nothing is taken for lost", async () => {
    const cluster = new PostgresCluster();
    try {
      using places = new Places(cluster.folder);
      await using server = await startServer(places.settings);
      const { token } = await makeAccount(server);
      const made = await post(server, token, "still here");
      cluster.crash();
      await until("a refusal", 20_000, async () => {
        const answer = await call(server, "GET", `/api/activities/${made.uuid}`);
        if (answer.status === 200) return false;
        assertProblem(answer, 503, "database_unavailable", "keys_unavailable");
        return true;
      });
      const health = await call(server, "GET", "/api/health-check");
      assert.equal(health.status, 503);
      assert.equal(health.json.checks.keys, "unavailable");
      assert.equal(health.json.checks.writes, "ok");
      cluster.start();
      await until("an answer", 30_000, async () => {
        const answer = await call(server, "GET", `/api/activities/${made.uuid}`);
        return answer.status === 200;
      });
      await until("health", 10_000, async () => {
        return (await call(server, "GET", "/api/health-check")).json.checks.keys === "ok";
      });
      await post(server, token, "goes on");
    } finally {
      await cluster.end();
    }
  });

  it("move there and back, and leave none behind", async () => {
    using places = new Places();
    const { address } = places;
    const [account, posts] = await makePosts(places.at("database:"), 3);
    const inKeyDatabase = () => places.keys.count("content_keys");
    const inPosts = () => places.posts.count("content_keys");
    const readable = async (keysUrl: string) => {
      await using server = await startServer(places.at(keysUrl));
      await assertReadable(server, posts);
      posts.push(await post(server, account.token, `after a move to ${keysUrl.slice(0, 8)}`));
      await server.stop();
    };
    assert.match(await run(["keys", "move", address], places.at("database:")), /Moved 6 keys/);
    assert.equal(inPosts(), 0);
    assert.equal(inKeyDatabase(), 6);
    await readable(address);
    const away = await runCommand(["keys", "move", "file:"], places.at("database:"));
    assertOneSentence(away, failure, /KEYS_URL must be its address/);
    assert.match(await run(["keys", "move", address], places.settings), /already/);
    await run(["keys", "move", "file:"], places.settings);
    assert.equal(inKeyDatabase(), 0);
    await readable("file:");
    using next = new Storage("postgres");
    const other = next.settings.DATABASE_URL as string;
    await run(["keys", "move", other], places.at("file:"));
    await readable(other);
    const across = await runCommand(["keys", "move", address], places.at(other));
    assertOneSentence(across, failure, /not moved from one database of their own/);
    await run(["keys", "move", "database:"], places.at(other));
    assert.equal(next.count("content_keys"), 0);
    await readable("database:");
    const used = await runCommand(["keys", "move", other], places.at("database:"));
    assertOneSentence(used, failure, /belong to another database/);
    const slots = places.posts.rows("SELECT slot FROM activities").map(Number);
    assert.equal(new Set(slots).size, posts.length);
  });

  it("that a stopped move has left there are told of until the move is run again", async () => {
    using places = new Places();
    const [, posts] = await makePosts(places.settings, 2);
    const [[former]] = places.posts.rows("SELECT store FROM content_key_store") as [[string]];
    await run(["keys", "move", "database:"], places.settings);
    places.posts.execute(`INSERT INTO former_key_store (id, store) VALUES (1, '${former}')`);
    places.keys.execute("INSERT INTO content_keys (slot, key) VALUES (1, 'left behind')");
    await using server = await startServer(places.at("database:"));
    await assertReadable(server, posts);
    assert.match(server.lines.join("\n"), /not all are destroyed there/);
    await server.stop();
    await run(["keys", "move", "database:"], places.settings);
    assert.equal(places.keys.count("content_keys"), 0);
    assert.equal(places.posts.count("former_key_store"), 0);
  });

  it("are backed up from there and restored to there", async () => {
    using places = new Places();
    const [account, posts] = await makePosts(places.settings, 2);
    const folder = join(places.posts.dataDir, "backups");
    await run(["backup", folder], places.settings);
    await using server = await startServer(places.settings);
    const [ended, kept] = posts as [Activity, Activity];
    await expect(204, server, "DELETE", `/api/activities/${ended.uuid}`, { token: account.token });
    await until("its end", 10_000, () => places.posts.count("ended_keys") === 0);
    await server.stop();
    await run(["backup", folder], places.settings);
    using target = new Places();
    const full = await runCommand(["restore", folder], {
      ...target.settings,
      KEYS_URL: places.address,
    });
    assertOneSentence(full, failure, /tables in the database of the keys/);
    const archives = await run(["restore", folder], target.settings);
    assert.match(archives, /restored/);
    assert.equal(target.posts.count("content_keys"), 0);
    await using again = await startServer(target.settings);
    await assertReadable(again, [kept]);
    assert.equal((await call(again, "GET", `/api/activities/${ended.uuid}`)).status, 410);
  });

  it("that are lost are given up for an empty database", async () => {
    using places = new Places();
    const [, posts] = await makePosts(places.settings, 2);
    const slots = places.posts.rows("SELECT slot FROM activities").map(Number);
    assert.match(await run(["keys", "abandon"], places.settings), /Nothing is lost/);
    using empty = new Storage("postgres");
    const next = places.at(empty.settings.DATABASE_URL as string);
    assert.match(await run(["keys", "abandon"], next), /posts: 0 can be read, 2 are lost/);
    await run(["keys", "abandon", "--yes"], next);
    await using server = await startServer(next);
    for (const { uuid } of posts)
      assertProblem(await call(server, "GET", `/api/activities/${uuid}`), 410, "activity_lost");
    const { token } = await makeAccount(server);
    await assertReadable(server, [await post(server, token, "a new beginning")]);
    const [[slot]] = places.posts.rows(
      "SELECT max(slot) FROM activities WHERE slot IS NOT NULL",
    ) as [[string]];
    assert(Number(slot) > Math.max(...slots), "no slot comes back");
  });
});
