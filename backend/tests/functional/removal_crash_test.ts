// A removal too large for one transaction, cut by kill -9: the next start finishes it, and what was
// removed is never shown again.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import { type Account, makeAccounts, poolOk } from "./support/accounts.ts";
import { call, expect, post, readAll } from "./support/api.ts";
import { type Server, startServer } from "./support/server.ts";
import { type Engine, engines, Storage } from "./support/storage.ts";
import { until } from "./support/wait.ts";

const many = 20_000;

// Ids of one moment, each with a number.
const idOf = (engine: Engine, time: string, number: string) =>
  engine === "sqlite"
    ? `CAST(x'${time}7000' || CAST(printf('%08d', ${number}) AS BLOB) AS BLOB)`
    : `CAST('${time}' || '70008000' || lpad(to_hex(${number}), 12, '0') AS uuid)`;

const numbers = `(WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${many}) SELECT i FROM n) numbers`;

function literal(engine: Engine, uuid: string): string {
  return engine === "sqlite" ? `x'${uuid.replaceAll("-", "")}'` : `'${uuid}'`;
}

/** Many posts of a person, put beside the server into its database. */
function addPosts(storage: Storage, { sub }: Account): void {
  const now = Date.now() - 1000;
  const time = now.toString(16).padStart(12, "0");
  storage.execute(
    `INSERT INTO activities (uuid, user_uuid, slot, sealed, created_at, expires_at)
     SELECT ${idOf(storage.engine, time, "i")}, u.uuid, -i, ${literal(storage.engine, "00")}, ${now}, ${now + 3_600_000}
     FROM ${numbers}, users u WHERE u.identity_id = ${literal(storage.engine, sub)}`,
  );
}

/** Many people who like a post. Counted at once: one by one each would leave a dead version of the row behind. */
function addLikes(storage: Storage, uuid: string): void {
  const time = randomBytes(6).toString("hex");
  const id = idOf(storage.engine, time, "i");
  storage.execute(
    `INSERT INTO users (uuid, handle_mac, created_at, identity_id)
     SELECT ${id}, 'fan_' || i, 0, ${id} FROM ${numbers}`,
  );
  const like = `INSERT INTO likes (activity_uuid, user_uuid, created_at)
     SELECT ${literal(storage.engine, uuid)}, uuid, 0 FROM users WHERE handle_mac LIKE 'fan_%'`;
  if (storage.engine === "sqlite") {
    storage.execute(like);
    return;
  }
  storage.execute("ALTER TABLE likes DISABLE TRIGGER USER");
  storage.execute(like);
  storage.execute(`UPDATE activities SET likes_count = ${many}`);
  storage.execute("ALTER TABLE likes ENABLE TRIGGER USER");
}

/** Kills the server when something of what is counted has gone and something is left. */
async function killBetweenBatches(server: Server, left: () => number): Promise<number> {
  await until("a first batch", 20_000, () => left() < many);
  await server.kill();
  const remains = left();
  assert(remains > 0, "it was cut");
  return remains;
}

for (const engine of engines) {
  describe(`a large removal on ${engine} that kill -9 cuts`, () => {
    it("of an account goes on after the restart, and nothing of the person comes back", async () => {
      using storage = new Storage(engine);
      let server = await startServer(storage.settings);
      try {
        const [leaver, ada] = (await makeAccounts(server, 2)) as [Account, Account];
        const kept = await post(server, ada.token, "stays");
        const liked = { token: leaver.token };
        await expect(200, server, "PUT", `/api/activities/${kept.uuid}/like`, liked);
        const own = await post(server, leaver.token, "goes");
        addPosts(storage, leaver);
        const left = () => storage.count("activities", "slot < 0");
        const removal = poolOk(server, "DeleteUser", { AccessToken: leaver.token }).catch(
          () => undefined,
        );
        await killBetweenBatches(server, left);
        await removal;

        server = await startServer(storage.settings);
        const nothingShown = async () => {
          const home = await readAll(server, "/api/activities/home");
          assert.deepEqual(
            home.map((each) => each.uuid),
            [kept.uuid],
          );
          for (const path of [`/api/users/@${leaver.handle}`, `/api/activities/@${leaver.handle}`])
            assert.equal((await call(server, "GET", path)).status, 404, path);
          const one = await call(server, "GET", `/api/activities/${own.uuid}`);
          assert.equal(one.status, 410, one.text);
          const who = await call(server, "GET", "/api/profile/me", { token: leaver.token });
          assert.equal(who.status, 401, who.text);
        };
        await nothingShown();
        await until(
          "the rest to go",
          60_000,
          () =>
            storage.count("users", `identity_id = ${literal(storage.engine, leaver.sub)}`) === 0,
        );
        assert.equal(left(), 0);
        assert.equal(storage.count("activities"), 1);
        assert.equal(storage.count("likes"), 0);
        await nothingShown();
        const seen = await expect(200, server, "GET", `/api/activities/${kept.uuid}`);
        assert.equal(seen.json.activity.likes_count, 0);
      } finally {
        if (server.isRunning) await server.stop();
      }
    });

    it("of a post that very many like goes on after the restart, and the post stays away", async () => {
      using storage = new Storage(engine);
      let server = await startServer(storage.settings);
      try {
        const [ada] = (await makeAccounts(server, 1)) as [Account];
        const { uuid } = await post(server, ada.token, "loved");
        addLikes(storage, uuid);
        const removal = call(server, "DELETE", `/api/activities/${uuid}`, {
          token: ada.token,
        }).catch(() => undefined);
        await killBetweenBatches(server, () => storage.count("likes"));
        await removal;

        server = await startServer(storage.settings);
        const nothingShown = async () => {
          const one = await call(server, "GET", `/api/activities/${uuid}`);
          assert.equal(one.status, 410, one.text);
          assert.equal(one.json.errors[0], "activity_deleted");
          assert.deepEqual(await readAll(server, "/api/activities/home"), []);
          assert.deepEqual(await readAll(server, `/api/activities/@${ada.handle}`), []);
        };
        await until(
          "the rest to go",
          60_000,
          () => storage.count("activities") + storage.count("likes") === 0,
        );
        await nothingShown();
      } finally {
        if (server.isRunning) await server.stop();
      }
    });
  });
}
