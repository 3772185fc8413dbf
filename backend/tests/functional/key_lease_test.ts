// A key file beside PostgreSQL has one holder, also where two machines have a copy of it each.
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { makeAccount } from "./support/accounts.ts";
import { assertProblem, call, expect, post } from "./support/api.ts";
import { assertOneSentence, failure } from "./support/command.ts";
import { makeFolder, removeFolder } from "./support/guard.ts";
import { keysIn, opening, sealedPost } from "./support/keys.ts";
import { runCommand, type Settings, startServer } from "./support/server.ts";
import { Storage } from "./support/storage.ts";
import { timed, until } from "./support/wait.ts";

const other = "11111111-1111-4111-8111-111111111111";
const fileIn = (folder: string) => join(folder, "keys", "content.keys");

/** The folder of another machine, with a copy of the file. */
class Elsewhere implements Disposable {
  readonly folder = makeFolder("elsewhere");
  readonly settings: Settings;

  constructor(storage: Storage) {
    mkdirSync(join(this.folder, "keys"), { mode: 0o700 });
    copyFileSync(fileIn(storage.dataDir), fileIn(this.folder));
    this.settings = { ...storage.settings, KEYS_URL: "file:", CRUDDUR_DATA_DIR: this.folder };
  }

  [Symbol.dispose](): void {
    removeFolder(this.folder);
  }
}

describe("the holder of a key file", () => {
  it("keeps away a server that has a copy elsewhere, and hands over when it has stopped", async () => {
    using storage = new Storage("postgres");
    const server = await startServer({ ...storage.settings, KEYS_URL: "file:" });
    const { token } = await makeAccount(server);
    const { uuid } = await post(server, token, "held");
    using elsewhere = new Elsewhere(storage);
    const before = readFileSync(fileIn(elsewhere.folder));
    const refused = await runCommand(["serve"], { ...elsewhere.settings, PORT: "0" });
    assertOneSentence(refused, failure, /Another server has the key file of this database/);
    for (const words of [["collect"], ["abandon"], ["move", "database:"]]) {
      const ended = await runCommand(["keys", ...words], elsewhere.settings);
      assertOneSentence(ended, failure, /Another server has the key file|stop it first/);
    }
    assert.deepEqual(readFileSync(fileIn(elsewhere.folder)), before);
    await expect(200, server, "GET", `/api/activities/${uuid}`);
    await server.stop();
    assert.equal(storage.count("key_holder"), 0);
    copyFileSync(fileIn(storage.dataDir), fileIn(elsewhere.folder));
    await using second = await startServer(elsewhere.settings);
    await expect(200, second, "GET", `/api/activities/${uuid}`);
  });

  it("that has crashed may start again at once, and another machine when it is sure of that", async () => {
    using storage = new Storage("postgres");
    const settings = { ...storage.settings, KEYS_URL: "file:" };
    const first = await startServer(settings);
    await first.kill();
    assert.equal(storage.count("key_holder"), 1);
    const [again, seconds] = await timed(() => startServer(settings));
    assert(seconds < 10, `${seconds} s`);
    await again.kill();
    using elsewhere = new Elsewhere(storage);
    storage.execute("UPDATE key_holder SET renewed_at = renewed_at - 24000");
    await using second = await startServer(elsewhere.settings);
    assert.equal(second.logged("waiting to see whether it still lives").length, 1);
  });

  it("that another has replaced gives out and destroys no key any more, and still reads", async () => {
    using storage = new Storage("postgres");
    await using server = await startServer({ ...storage.settings, KEYS_URL: "file:" });
    const { token } = await makeAccount(server);
    const kept = await post(server, token, "readable");
    const ended = await post(server, token, "ends");
    const sealed = sealedPost(storage, ended.uuid);
    storage.execute(`UPDATE key_holder SET holder = '${other}'`);
    await until(
      "the loss to be heard of",
      15_000,
      () => server.logged("another server has taken over the keys")[0],
    );
    const refused = await call(server, "POST", "/api/activities", {
      token,
      json: { message: "no key for it", ttl: "1-hour" },
    });
    assertProblem(refused, 503, "keys_unavailable");
    await expect(200, server, "GET", `/api/activities/${kept.uuid}`);
    await expect(204, server, "DELETE", `/api/activities/${ended.uuid}`, { token });
    await until(
      "its destruction to be refused",
      15_000,
      () => server.logged("keys of ended contents can't be destroyed now")[0],
    );
    assert.equal(opening(keysIn(fileIn(storage.dataDir)), ended.uuid, sealed), 1);
    assert.equal(storage.count("ended_keys"), 1, "its end waits for whoever holds the keys");
    assert.equal(storage.count("key_holder", `holder = '${other}'`), 1);
  });
});
