// cruddur backup and restore: an old archive with the newest keys gives back what still lives, and nothing that has ended.
// In one file, since all of its tests share how a folder of backups is made and read.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { makeAccount, makeAccounts, signIn } from "./support/accounts.ts";
import { assertProblem, call, expect, post } from "./support/api.ts";
import { assertOneSentence, failure, usage } from "./support/command.ts";
import { guardChild, makeFolder, removeFolder } from "./support/guard.ts";
import { keysIn, keysInDatabase, opening, sealedPost } from "./support/keys.ts";
import { binary, root } from "./support/paths.ts";
import { runCommand, type Settings, startServer } from "./support/server.ts";
import { engines, Storage } from "./support/storage.ts";
import { Storm } from "./support/storm.ts";
import { sleep, until } from "./support/wait.ts";

/** The pool's secret in a file, as on a machine of one's own. */
const settingsOf = (storage: Storage): Settings => ({
  ...storage.settings,
  USER_POOL_SECRET: undefined,
});

const folders: string[] = [];
after(() => folders.forEach(removeFolder));
function newFolder(): string {
  const folder = makeFolder("backup");
  folders.push(folder);
  return folder;
}

async function run(args: string[], settings: Settings): Promise<string> {
  const ended = await runCommand(args, settings);
  assert.equal(ended.code, 0, `${args.join(" ")}: ${ended.stdout}${ended.stderr}`);
  return ended.stdout;
}

const namesOf = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => name.replace(".json", ""))
    .sort();

const allKeysEnded = (storage: Storage) =>
  until("the ended keys", 10_000, () => storage.count("ended_keys") === 0);

for (const engine of engines) {
  describe(`backups on ${engine}`, () => {
    it("of an old archive and the newest keys hold what lives, and nothing that has ended", async () => {
      using storage = new Storage(engine);
      using target = new Storage(engine);
      const folder = newFolder();
      const server = await startServer(settingsOf(storage));
      const people = await makeAccounts(server, 3);
      const [ann] = people;
      assert(ann);
      const kept = await post(server, ann.token, "still here");
      const ended = await post(server, ann.token, "gone for good");
      const storm = new Storm(people);
      const raging = storm.rage(server, 8);
      await until("some posts", 10_000, () => storm.acknowledged > 50);
      await run(["backup", folder], settingsOf(storage));
      const inOldKeys = opening(
        keysIn(join(folder, "keys")),
        ended.uuid,
        sealedPost(storage, ended.uuid),
      );
      assert.equal(inOldKeys, 1, "while it lives its key is in the backup");
      const archived = storm.sent.filter((each) => each.uuid).length;
      await expect(204, server, "DELETE", `/api/activities/${ended.uuid}`, { token: ann.token });
      await until("more posts", 10_000, () => storm.acknowledged > archived + 50);
      storm.stop();
      await raging;
      const later = await post(server, ann.token, "after the archive");
      await allKeysEnded(storage);
      await run(["backup", folder], settingsOf(storage));
      await server.stop();

      const names = namesOf(folder);
      assert.equal(names.length, 2);
      const said = await run(["restore", folder, names[0] ?? ""], settingsOf(target));
      assert.match(said, /posts: \d+ can be read, 1 have ended since/);
      const gone = sealedPost(target, ended.uuid);
      const lives = sealedPost(target, kept.uuid);
      const newest = keysIn(join(folder, "keys"));
      const restored =
        engine === "sqlite"
          ? keysIn(join(target.dataDir, "keys", "content.keys"))
          : keysInDatabase(target);
      for (const keys of [newest, restored]) {
        assert.equal(opening(keys, ended.uuid, gone), 0, "no key opens what has ended");
        assert.equal(opening(keys, kept.uuid, lives), 1, "a control: the search finds a key");
      }

      await using second = await startServer(settingsOf(target));
      const again = await signIn(second, ann);
      const found = await expect(200, second, "GET", `/api/activities/${kept.uuid}`);
      assert.equal(found.json.activity.message, "still here");
      assertProblem(
        await call(second, "GET", `/api/activities/${ended.uuid}`),
        410,
        "activity_lost",
        "activity_deleted",
      );
      await expect(404, second, "GET", `/api/activities/${later.uuid}`);
      for (const each of storm.sent.slice(0, 40)) {
        if (each.uuid) await expect(200, second, "GET", `/api/activities/${each.uuid}`);
      }
      const fresh = await post(second, again.token, "and goes on");
      await expect(200, second, "GET", `/api/activities/${fresh.uuid}`);
      // Its keys would take the place of those of the first.
      const elsewhere = await runCommand(["backup", folder], settingsOf(target));
      assertOneSentence(elsewhere, failure, /holds backups of another database/);
    });

    it("that are killed at any moment leave the former ones usable", async () => {
      using storage = new Storage(engine);
      const folder = newFolder();
      await using server = await startServer(storage.settings);
      const { token } = await makeAccount(server);
      const first = await post(server, token, "in the first");
      await run(["backup", folder], storage.settings);
      const began = performance.now();
      await run(["backup", folder], storage.settings);
      const lasts = performance.now() - began;
      const rounds = 12;
      for (let round = 0; round < rounds; ++round) {
        const child = spawn(binary, ["backup", folder], {
          env: { PATH: process.env.PATH, ...storage.settings },
          stdio: "ignore",
        });
        guardChild(child);
        const closed = once(child, "close");
        await sleep((lasts * (round + 0.5)) / rounds);
        child.kill("SIGKILL");
        await closed;
      }
      for (const name of namesOf(folder)) {
        using target = new Storage(engine);
        await run(["restore", folder, name], target.settings);
        await using second = await startServer(target.settings);
        await expect(200, second, "GET", `/api/activities/${first.uuid}`);
      }
      await run(["backup", folder], storage.settings);
      const left = readdirSync(folder).filter((name) => name.includes(".part"));
      assert.deepEqual(left, [], "the next one clears what a stopped one left");
      const archives = readdirSync(folder).filter((name) => name.endsWith(".archive"));
      assert.equal(archives.length, namesOf(folder).length);
    });

    it("for which the disk has no room say so, and the former ones stay", async () => {
      using storage = new Storage(engine);
      using target = new Storage(engine);
      const folder = newFolder();
      const server = await startServer(storage.settings);
      const { token } = await makeAccount(server);
      const { uuid } = await post(server, token, "safe");
      await server.stop();
      await run(["backup", folder], storage.settings);
      const before = readdirSync(folder).sort();
      const keys = readFileSync(join(folder, "keys"));
      const [name = ""] = namesOf(folder);
      const archiveSize = statSync(join(folder, `${name}.archive`)).size;
      // In KiB: too little for an archive, and just enough for it.
      for (const limit of [8, Math.ceil(archiveSize / 1024) + 4]) {
        const child = spawn("bash", ["-c", `ulimit -f ${limit}; exec ${binary} backup ${folder}`], {
          env: { PATH: process.env.PATH, ...storage.settings },
          stdio: ["ignore", "ignore", "pipe"],
        });
        guardChild(child);
        let said = "";
        child.stderr.on("data", (part) => (said += part));
        const [code] = await once(child, "close");
        if (limit > 8 && keys.length < limit * 1024) continue; // both have room
        assert.equal(code, failure, said);
        assert.match(said, /^cruddur: .*(full|too large|can't write|could not write)/);
        assert.deepEqual(readdirSync(folder).sort(), before);
        assert.deepEqual(readFileSync(join(folder, "keys")), keys);
      }
      await run(["restore", folder], target.settings);
      await using second = await startServer(target.settings);
      await expect(200, second, "GET", `/api/activities/${uuid}`);
    });

    it("are refused in a sentence where they don't fit, and nothing is written", async () => {
      using storage = new Storage(engine);
      using other = new Storage(engine);
      using target = new Storage(engine);
      const folder = newFolder();
      const unused = await runCommand(["backup", folder], storage.settings);
      assertOneSentence(unused, failure, /no database|lacks|earlier version|no server|No server/i);
      for (const each of [storage, other]) {
        const server = await startServer(each.settings);
        await post(server, (await makeAccount(server)).token, "sealed");
        await server.stop();
      }
      await run(["backup", folder], storage.settings);
      assertOneSentence(
        await runCommand(["backup", folder], other.settings),
        failure,
        /holds backups of another database/,
      );
      assertOneSentence(
        await runCommand(["restore", folder], other.settings),
        failure,
        /already: a backup is restored into an empty/,
      );
      const [name = ""] = namesOf(folder);
      const refused = async (
        change: (copy: string) => void,
        sentence: RegExp,
        ...more: string[]
      ) => {
        const copy = newFolder();
        cpSync(folder, copy, { recursive: true });
        change(copy);
        const ended = await runCommand(["restore", copy, ...more], target.settings);
        assertOneSentence(ended, failure, sentence);
        assert.deepEqual(readdirSync(target.dataDir), []);
      };
      await refused(() => {}, /no whole backup 2020 in .*; there are 2/, "2020");
      await refused((copy) => {
        const path = join(copy, `${name}.archive`);
        const bytes = readFileSync(path);
        bytes.writeUInt8(bytes.readUInt8(3000) ^ 1, 3000);
        writeFileSync(path, bytes);
      }, /archive is damaged/);
      await refused((copy) => {
        const path = join(copy, "keys");
        const bytes = readFileSync(path);
        bytes.writeUInt8(bytes.readUInt8(9000) ^ 1, 9000);
        writeFileSync(path, bytes);
      }, /keys is damaged/);
      await refused((copy) => {
        const path = join(copy, `${name}.json`);
        const facts = JSON.parse(readFileSync(path, "utf8"));
        writeFileSync(path, JSON.stringify({ ...facts, migration: 999, version: "9.9" }));
      }, /made by Cruddur 9\.9, a newer version/);
      await refused((copy) => {
        const path = join(copy, `${name}.json`);
        const facts = JSON.parse(readFileSync(path, "utf8"));
        writeFileSync(path, JSON.stringify({ ...facts, generation: 999 }));
      }, /older than the archive/);
      const foreign = newFolder();
      await run(["backup", foreign], other.settings);
      await refused(
        (copy) => cpSync(join(foreign, "keys"), join(copy, "keys")),
        /keys of another database/,
      );
      await refused((copy) => writeFileSync(join(copy, `${name}.json`), "{"), /no whole backup/);
    });

    it("whose restore is killed at any moment are not served by halves", async () => {
      using storage = new Storage(engine);
      const folder = newFolder();
      const server = await startServer(storage.settings);
      const { token } = await makeAccount(server);
      const made = await Promise.all(
        Array.from({ length: 20 }, (_, i) => post(server, token, `post ${i}`)),
      );
      await server.stop();
      await run(["backup", folder], storage.settings);
      const began = performance.now();
      using first = new Storage(engine);
      await run(["restore", folder], first.settings);
      const lasts = performance.now() - began;
      const rounds = 8;
      let halves = 0;
      // How long a restore takes is another matter each time: more rounds until one was cut.
      for (let round = 0; round < rounds || (halves === 0 && round < 60); ++round) {
        using target = new Storage(engine);
        const child = spawn(binary, ["restore", folder], {
          env: { PATH: process.env.PATH, ...target.settings },
          stdio: "ignore",
        });
        guardChild(child);
        const closed = once(child, "close");
        await sleep(lasts * (0.2 + (0.75 * (round % rounds)) / rounds));
        child.kill("SIGKILL");
        await closed;
        const probe = { ...target.settings, PORT: "0", SEED: "false" };
        const second = await startServer(probe).catch((error: Error) => error.message);
        if (typeof second === "string") {
          ++halves;
          assert.match(second, /stopped half-way|belongs to another database/);
          continue;
        }
        try {
          if (target.count("activities") === 0) continue; // stopped before it began
          for (const { uuid } of made) await expect(200, second, "GET", `/api/activities/${uuid}`);
        } finally {
          await second.stop();
        }
      }
      assert(halves > 0, "some were stopped in the middle");
    });

    it("are private", async () => {
      using storage = new Storage(engine);
      await (await startServer(storage.settings)).stop();
      const folder = join(newFolder(), "made", "for it");
      await run(["backup", folder], storage.settings);
      assert.equal(statSync(folder).mode & 0o777, 0o700);
      for (const name of readdirSync(folder)) {
        assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600, name);
      }
      chmodSync(folder, 0o755);
      const open = await runCommand(["backup", folder], storage.settings);
      assertOneSentence(open, failure, /chmod 700/);
    });
  });
}

describe("backups", () => {
  it("of keys in a file beside PostgreSQL can be restored into its table, and back", async () => {
    using storage = new Storage("postgres");
    using second = new Storage("postgres");
    using third = new Storage("postgres");
    const server = await startServer({ ...storage.settings, KEYS_URL: "file:" });
    const { token } = await makeAccount(server);
    const { uuid } = await post(server, token, "moved about");
    await server.stop();
    const [folder, other] = [newFolder(), newFolder()];
    await run(["backup", folder], { ...storage.settings, KEYS_URL: "file:" });
    await run(["restore", folder], { ...second.settings, KEYS_URL: "database:" });
    await run(["backup", other], { ...second.settings, KEYS_URL: "database:" });
    await run(["restore", other], { ...third.settings, KEYS_URL: "file:" });
    for (const [where, keys] of [
      [second, "database:"],
      [third, "file:"],
    ] as const) {
      await using again = await startServer({ ...where.settings, KEYS_URL: keys });
      const found = await expect(200, again, "GET", `/api/activities/${uuid}`);
      assert.equal(found.json.activity.message, "moved about");
    }
  });

  it("hold no key outside `keys`", async () => {
    using storage = new Storage("postgres");
    const folder = newFolder();
    const server = await startServer(storage.settings);
    const { token } = await makeAccount(server);
    await post(server, token, "sealed");
    await server.stop();
    await run(["backup", folder], storage.settings);
    const [name = ""] = namesOf(folder);
    const list = await runTool("pg_restore", ["--list", join(folder, `${name}.archive`)]);
    assert.match(list, /TABLE DATA public activities/);
    assert.doesNotMatch(list, /TABLE DATA public content_keys/);
  });

  it("need PostgreSQL's own tools, which are never told the password where others see it", async () => {
    using storage = new Storage("postgres");
    await (await startServer(storage.settings)).stop();
    const url = `${storage.settings.DATABASE_URL}&password=s3cret`;
    const tools = newFolder();
    const settings = { ...storage.settings, DATABASE_URL: url, PATH: tools };
    const folder = newFolder();
    const missing = await runCommand(["backup", folder], settings);
    assertOneSentence(missing, failure, /pg_dump is not installed.*postgresql-client/);
    const script = join(tools, "pg_dump");
    writeFileSync(
      script,
      '#!/bin/bash\necho "pg_dump: error: told: $*, in the environment: $PGPASSWORD" >&2\nexit 1\n',
    );
    chmodSync(script, 0o755);
    const failed = await runCommand(["backup", folder], settings);
    assertOneSentence(failed, failure, /pg_dump: error: told: .*dbname=.*environment: s3cret/);
    assert.doesNotMatch(failed.stderr.split("environment")[0] ?? "", /s3cret/);
    assert(!existsSync(join(folder, "keys")));
  });

  it("of a database whose keys were being moved don't take it for a part of the move", async () => {
    using storage = new Storage("postgres");
    using target = new Storage("postgres");
    const folder = newFolder();
    const server = await startServer(storage.settings);
    const { uuid } = await post(server, (await makeAccount(server)).token, "in force");
    await server.stop();
    storage.execute(
      "INSERT INTO former_key_store VALUES (1, '00000000-0000-0000-0000-000000000000')",
    );
    await run(["backup", folder], storage.settings);
    await run(["restore", folder], target.settings);
    for (const each of [target, storage]) {
      await using again = await startServer(each.settings);
      await expect(200, again, "GET", `/api/activities/${uuid}`);
      assert.equal(each.count("former_key_store"), 0);
    }
  });

  it("are made as docs/backup.md says", async () => {
    using storage = new Storage("postgres");
    const folder = newFolder();
    const server = await startServer(storage.settings);
    await post(server, (await makeAccount(server)).token, "by the book");
    await server.stop();
    const blocks = readFileSync(join(root, "docs/backup.md"), "utf8").matchAll(
      /```sh\n([\s\S]*?)```/g,
    );
    const lines = [...blocks].flatMap(([, text]) => (text ?? "").trim().split("\n"));
    assert(lines.length >= 10, "the page has its commands in blocks of sh");
    let keys = "database:";
    using keyDatabase = new Storage("postgres");
    const places: Record<string, string | undefined> = {
      "/backups/cruddur": folder,
      "postgres://user@host/keys": keyDatabase.settings.DATABASE_URL,
    };
    for (const line of lines) {
      const [program, ...words] = line.replace(/#.*/, "").trim().split(/\s+/);
      assert.equal(program, "cruddur", line);
      const [name = ""] = namesOf(folder);
      const args = words.map((word) => places[word] ?? word.replace(/^2026-.*Z$/, name));
      using empty = new Storage("postgres");
      const settings = args[0] === "restore" ? empty.settings : storage.settings;
      await run(args, { ...settings, KEYS_URL: keys });
      if (args[1] === "move") keys = args[2] ?? "";
    }
  });

  it("are told where to go", async () => {
    assertOneSentence(await runCommand(["backup"]), usage, /folder/i);
    assertOneSentence(await runCommand(["restroe"]), usage, /did you mean restore\?/);
    const folder = join(newFolder(), "none");
    assertOneSentence(await runCommand(["restore", folder]), failure, /none/);
    mkdirSync(folder);
    assertOneSentence(await runCommand(["restore", folder]), failure, /no whole backup/);
  });
});

async function runTool(tool: string, args: string[]): Promise<string> {
  const child = spawn(tool, args, { stdio: ["ignore", "pipe", "inherit"] });
  guardChild(child);
  let out = "";
  child.stdout.on("data", (part) => (out += part));
  const [code] = await once(child, "close");
  assert.equal(code, 0);
  return out;
}
