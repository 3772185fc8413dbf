// The home feed that a server holds in memory: what /metrics tells of it, and how it comes back.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Account, makeAccounts } from "./support/accounts.ts";
import { type Activity, advanceClock, expect, metric, post } from "./support/api.ts";
import { type Server, startServer } from "./support/server.ts";
import { Storage } from "./support/storage.ts";
import { until } from "./support/wait.ts";

const held = (server: Server, what: string) => metric(server, `cruddur_home_feed_${what}`);

const loaded = (server: Server) =>
  until("the feed to be loaded", 20_000, async () => (await held(server, "loaded")) === 1);

describe("metrics of the home feed", () => {
  it("count its posts, its readers and their likes, and weigh its bytes", async () => {
    await using server = await startServer({ CLOCK_MOVABLE: "true" });
    await loaded(server);
    const [author, reader, other] = (await makeAccounts(server, 3)) as [Account, Account, Account];
    assert.equal(await held(server, "posts"), 0);
    const posts: Activity[] = [];
    for (let i = 0; i < 5; i++) posts.push(await post(server, author.token, `Number ${i}`));
    assert.equal(await held(server, "posts"), 5);

    const before = await held(server, "bytes");
    const long = await post(server, author.token, "\u{1f98e}".repeat(280));
    const weight = (await held(server, "bytes")) - before;
    const text = Buffer.byteLength(JSON.stringify(long));
    assert(weight >= text && weight < text + 1024, `${weight} for ${text} bytes`);
    await expect(204, server, "DELETE", `/api/activities/${long.uuid}`, { token: author.token });
    assert.equal(await held(server, "bytes"), before);
    assert.equal(await held(server, "posts"), 5);

    const like = (who: Account, place: number) =>
      expect(200, server, "PUT", `/api/activities/${posts[place]?.uuid}/like`, {
        token: who.token,
      });
    const read = (who: Account) =>
      expect(200, server, "GET", "/api/activities/home", { token: who.token });
    for (const place of [0, 1, 2]) await like(reader, place);
    assert.equal(await held(server, "viewers"), 0, "who never read is not held");
    await read(reader);
    assert.equal(await held(server, "viewers"), 1);
    assert.equal(await held(server, "marks"), 3);
    await read(other);
    assert.equal(await held(server, "viewers"), 2);
    assert.equal(await held(server, "marks"), 3);
    await like(reader, 3);
    assert((await held(server, "marks")) >= 4, "a like of a reader who is held is kept");

    await advanceClock(server, 3600);
    await until("all posts to expire", 10_000, async () => (await held(server, "posts")) === 0);
  });
});

describe("a home feed that can't be read", () => {
  it("comes back when it can, and answers without the database again", async () => {
    using storage = new Storage("postgres");
    await using server = await startServer(storage.settings);
    const [author] = (await makeAccounts(server, 1)) as [Account];
    const made = await post(server, author.token, "Still here");
    await loaded(server);

    const takeAway = () => storage.execute("ALTER TABLE activities RENAME TO activities_away");
    const giveBack = () => storage.execute("ALTER TABLE activities_away RENAME TO activities");
    takeAway();
    try {
      // A server that lost its connections may have missed what others did: it reads all anew.
      storage.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity " +
          "WHERE datname = current_database() AND pid <> pg_backend_pid()",
      );
      await until(
        "a load to fail",
        20_000,
        () => server.logged("background work failed", "activities").length > 0,
      );
      assert.equal(await held(server, "loaded"), 0);
    } finally {
      giveBack();
    }
    await loaded(server);

    takeAway();
    try {
      const home = await expect(200, server, "GET", "/api/activities/home");
      assert.equal(home.json.data[0].uuid, made.uuid);
    } finally {
      giveBack();
    }
  });
});
