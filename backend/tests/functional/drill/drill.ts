// The drill: a community writes, much of it ends, and then everything that is left is searched for what has ended, as somebody
// would who got hold of all files, two archives and today's keys.
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { advanceClock, call } from "../support/api.ts";
import { TextSearch } from "../support/forensics.ts";
import { makeFolder, removeFolder } from "../support/guard.ts";
import { keysIn, keysInDatabase } from "../support/keys.ts";
import { runCommand, type Server, startServer } from "../support/server.ts";
import { Storage } from "../support/storage.ts";
import { eachAtOnce, until } from "../support/wait.ts";
import { Community, type Size } from "./community.ts";
import { indexKeys, matches, storedMacs } from "./names.ts";
import { copySealed, distinctKeys, opened, type SealedCopy } from "./sealed_copies.ts";

export interface Look {
  what: string;
  found: number;
  /** What must be found: nothing of what has ended, and all of a control. */
  wanted: number;
}

type Say = (sentence: string) => void;

const indexLife = 30 * 24 * 3600; // seconds
const guesses = 100_000;

export class Drill {
  readonly looks: Look[] = [];
  readonly #storage: Storage;
  readonly #clusterFolder: string | undefined;
  readonly #backups = makeFolder("drill-backups");
  readonly #community = new Community();
  readonly #copies = new Map<string, SealedCopy>();
  readonly #say: Say;
  #server: Server | undefined;

  constructor(storage: Storage, say: Say, clusterFolder?: string) {
    this.#storage = storage;
    this.#say = say;
    this.#clusterFolder = clusterFolder;
  }

  async run(size: Size): Promise<boolean> {
    try {
      await this.#write(size);
      await this.#end();
      this.#searchFiles();
      this.#tryKeys();
      await this.#restore();
      await this.#guessNames();
    } finally {
      if (this.#server?.isRunning) await this.#server.stop();
      removeFolder(this.#backups);
    }
    return this.looks.every(({ found, wanted }) => found === wanted);
  }

  #look(what: string, found: number, wanted: number): void {
    this.looks.push({ what, found, wanted });
    const verdict = found === wanted ? "" : `, and must be ${wanted}`;
    this.#say(`  ${String(found).padStart(6)}  ${what}${verdict}`);
  }

  get #settings() {
    return { ...this.#storage.settings, CLOCK_MOVABLE: "true", ACCESS_TOKEN_LIFETIME: "1440" };
  }

  async #start(): Promise<Server> {
    this.#server = await startServer(this.#settings);
    return this.#server;
  }

  async #command(args: string[], settings = this.#storage.settings): Promise<void> {
    const ended = await runCommand(args, settings);
    if (ended.code !== 0) throw new Error(`${args.join(" ")}: ${ended.stdout}${ended.stderr}`);
  }

  #copy(): void {
    for (const [slot, copy] of copySealed(this.#storage)) this.#copies.set(slot, copy);
  }

  async #write(size: Size): Promise<void> {
    const server = await this.#start();
    await this.#community.settle(server, size);
    this.#copy();
    await this.#command(["backup", this.#backups]);
    this.#say(`${this.#copies.size} contents were written, and an archive of them.`);
  }

  async #end(): Promise<void> {
    const server = this.#server as Server;
    await this.#community.takeBack(server);
    await this.#community.leave(server);
    this.#copy();
    await this.#community.expire(server);
    await until("the rows of what has ended to be gone", 60_000, () => this.#isSwept());
    await until("their keys to be gone", 10_000, () => this.#storage.count("ended_keys") === 0);
    await this.#command(["backup", this.#backups]);
    await server.stop();
    writeFileSync(
      join(this.#storage.dataDir, "server.log"),
      `${server.lines.join("\n")}\n${server.stderr}`,
    );
    this.#say(`${this.#endedCopies().length} have ended. What is left of them, in words:`);
  }

  /** Nothing is left of which the time is over. */
  #isSwept(): boolean {
    const living = new Set(this.#community.living.map(({ activity }) => activity.uuid));
    return this.#storage.count("activities", "slot IS NOT NULL") === living.size;
  }

  #endedCopies(): SealedCopy[] {
    const now = copySealed(this.#storage);
    return [...this.#copies.values()].filter(({ slot }) => !now.has(slot));
  }

  #searchFiles(): void {
    const control = `a control text ${process.pid} that stands in a file`;
    const search = new TextSearch([...this.#community.ended, control]);
    const beside = makeFolder("drill-control");
    writeFileSync(join(beside, "clear"), `x${control}`);
    writeFileSync(join(beside, "wide"), Buffer.from(control, "utf16le"));
    writeFileSync(join(beside, "packed"), Buffer.concat([Buffer.from("xx"), gzipSync(control)]));
    this.#look("copies of a control text, in three forms", search.inFolder(beside).length, 3);
    removeFolder(beside);
    const texts = this.#community.ended.length;
    const places: [string, string | undefined][] = [
      ["the data folder and the log", this.#storage.dataDir],
      ["two archives and their keys", this.#backups],
      ["PostgreSQL's files", this.#clusterFolder],
    ];
    for (const [place, folder] of places) {
      if (!folder) continue;
      const found = search.inFolder(folder);
      for (const { file, text } of found.slice(0, 5)) this.#say(`          ${text} in ${file}`);
      this.#look(`pieces of ${texts} ended texts and names in ${place}`, found.length, 0);
    }
  }

  #keys(): Buffer[] {
    const keys = keysIn(join(this.#backups, "keys"));
    if (this.#storage.engine === "postgres") keys.push(...keysInDatabase(this.#storage));
    else keys.push(...keysIn(join(this.#storage.dataDir, "keys", "content.keys")));
    return distinctKeys(keys);
  }

  #tryKeys(): void {
    const keys = this.#keys();
    const ended = this.#endedCopies();
    const living = [...copySealed(this.#storage).values()];
    this.#look(
      `of ${ended.length} sealed copies of what has ended open with any of ${keys.length} keys`,
      opened(ended, keys).length,
      0,
    );
    this.#look("sealed copies of what lives open", opened(living, keys).length, living.length);
  }

  /** The first archive, with today's keys. */
  async #restore(): Promise<void> {
    using target = new Storage(this.#storage.engine);
    const first = readdirSync(this.#backups)
      .filter((name) => name.endsWith(".json"))
      .sort()[0];
    await this.#command(
      ["restore", this.#backups, (first ?? "").replace(".json", "")],
      target.settings,
    );
    await using server = await startServer(target.settings);
    const shown = await eachAtOnce(this.#community.living, 16, async ({ activity }) => {
      const answer = await call(server, "GET", `/api/activities/${activity.uuid}`);
      return answer.json.activity?.message === activity.message;
    });
    const wanted = this.#community.living.length;
    this.#look("living posts read from the old archive", shown.filter(Boolean).length, wanted);
    const home = await call(server, "GET", "/api/activities/home?limit=100");
    // Whole values: a handle may be the beginning of another one.
    const back = this.#community.ended.filter((text) => home.text.includes(JSON.stringify(text)));
    this.#look("ended words at home in the restored server", back.length, 0);
  }

  async #guessNames(): Promise<void> {
    const old = storedMacs(this.#storage);
    const names = [
      ...this.#community.ended,
      ...Array.from({ length: guesses - this.#community.ended.length }, (_, at) => `g${at}@x.org`),
    ];
    const before = matches(old, indexKeys(this.#storage, this.#keys()), this.#community.ended);
    this.#say(`An index key of the time before finds ${before.length} names in it. A month later:`);
    const server = await this.#start();
    for (let month = 0; month < 2; month++) await this.#renewIndex(server);
    await server.stop();
    await this.#command(["backup", this.#backups]);
    const keys = indexKeys(this.#storage, this.#keys());
    this.#look(
      `of ${names.length} guessed names match the old copy`,
      matches(old, keys, names).length,
      0,
    );
    const people = this.#community.people.map(({ email }) => email);
    const now = matches(storedMacs(this.#storage), keys, people);
    this.#look("living names match today's database", now.length, people.length);
  }

  async #renewIndex(server: Server): Promise<void> {
    const newest = () =>
      Number(this.#storage.rows("SELECT max(generation) FROM index_keys")[0]?.[0]);
    const before = newest();
    await advanceClock(server, indexLife);
    await until("a new index key", 20_000, () => newest() > before);
    await advanceClock(server, 61);
    await until("its use", 20_000, () => this.#storage.count("index_keys", "replaced_at > 0") > 0);
    await advanceClock(server, 61);
    await until("the end of the old one", 20_000, () => this.#storage.count("index_keys") === 1);
    await until("its key", 20_000, () => this.#storage.count("ended_keys") === 0);
  }
}
