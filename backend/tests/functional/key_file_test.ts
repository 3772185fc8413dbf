// The file of content keys: whatever is wrong with it, the server says so in a sentence and writes nothing; put back, all is there.
import assert from "node:assert/strict";
import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { makeAccount } from "./support/accounts.ts";
import { assertProblem, call, expect, metric, post } from "./support/api.ts";
import { assertOneSentence, failure } from "./support/command.ts";
import { damageKey } from "./support/keys.ts";
import { runCommand, startServer } from "./support/server.ts";
import { Storage } from "./support/storage.ts";
import { until } from "./support/wait.ts";

const keysOf = ({ dataDir }: Storage) => join(dataDir, "keys", "content.keys");

/** A post in a database whose server has stopped. */
async function makePost(storage: Storage): Promise<string> {
  const server = await startServer(storage.settings);
  try {
    const { token } = await makeAccount(server);
    return (await post(server, token, "sealed")).uuid;
  } finally {
    await server.stop();
  }
}

async function assertReadable(storage: Storage, uuid: string): Promise<void> {
  const server = await startServer(storage.settings);
  try {
    const found = await expect(200, server, "GET", `/api/activities/${uuid}`);
    assert.equal(found.json.activity.message, "sealed");
  } finally {
    await server.stop();
  }
}

describe("the key file", () => {
  const serve = (storage: Storage) =>
    runCommand(["serve"], { ...storage.settings, PORT: "0", SEED: "false" });

  it("that is missing, truncated, older or another's is refused, and nothing is written", async () => {
    using storage = new Storage("sqlite");
    using other = new Storage("sqlite");
    const uuid = await makePost(storage);
    await makePost(other);
    const path = keysOf(storage);
    const kept = join(storage.dataDir, "kept.keys");
    const older = join(storage.dataDir, "older.keys");
    copyFileSync(path, older);
    await assertReadable(storage, uuid);
    await assertReadable(storage, uuid); // each start opens new keys
    renameSync(path, kept);
    const database = readFileSync(storage.file);

    assertOneSentence(await serve(storage), failure, /content\.keys is missing/);
    assert(!existsSync(path), "no new one is made in its place");
    const wrong: [() => void, RegExp][] = [
      [() => copyFileSync(keysOf(other), path), /belongs to another database/],
      [() => copyFileSync(older, path), /older copy/],
      [
        () => {
          copyFileSync(kept, path);
          truncateSync(path, 5000);
        },
        /shorter than it was/,
      ],
    ];
    for (const [prepare, sentence] of wrong) {
      prepare();
      const before = readFileSync(path);
      assertOneSentence(await serve(storage), failure, sentence);
      assert.deepEqual(readFileSync(path), before, `${sentence}`);
      rmSync(path);
    }
    assert.deepEqual(readFileSync(storage.file), database);

    renameSync(kept, path);
    await assertReadable(storage, uuid);
  });

  it("is no place for keys that are kept in the database, nor the other way round", async () => {
    for (const [first, then, sentence] of [
      ["database:", "file:", /kept in it: KEYS_URL must be database:/],
      ["file:", "database:", /kept in a file: KEYS_URL must be file:/],
    ] as const) {
      using storage = new Storage("postgres");
      const settings = { ...storage.settings, PORT: "0", SEED: "false" };
      const server = await startServer({ ...settings, KEYS_URL: first });
      await server.stop();
      const ended = await runCommand(["serve"], { ...settings, KEYS_URL: then });
      assertOneSentence(ended, failure, sentence);
      assert.equal(existsSync(keysOf(storage)), first === "file:");
    }
  });

  it("of another database is not taken by an empty one", async () => {
    using storage = new Storage("sqlite");
    await makePost(storage);
    for (const suffix of ["", "-wal", "-shm"]) rmSync(storage.file + suffix, { force: true });
    const before = readFileSync(keysOf(storage));
    assertOneSentence(await serve(storage), failure, /belongs to another database/);
    assert.deepEqual(readFileSync(keysOf(storage)), before);
  });

  it("of which one key is damaged loses that content, says so, and nothing else", async () => {
    using storage = new Storage("sqlite");
    const kept = await makePost(storage);
    const lost = await makePost(storage);
    const blob = (uuid: string) => `x'${uuid.replaceAll("-", "")}'`;
    const [[slot]] = storage.rows(`SELECT slot FROM activities WHERE uuid = ${blob(lost)}`) as [
      [string],
    ];
    damageKey(keysOf(storage), Number(slot));
    await using server = await startServer(storage.settings);
    assertProblem(await call(server, "GET", `/api/activities/${lost}`), 410, "activity_lost");
    const home = await expect(200, server, "GET", "/api/activities/home");
    assert.deepEqual(
      home.json.data.map((each: { uuid: string }) => each.uuid),
      [kept],
    );
    await until("the count of what is lost", 10_000, async () => {
      return (await metric(server, "cruddur_unreadable_records_total")) === 1;
    });
  });
});
