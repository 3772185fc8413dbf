// What it costs that ends hold: sealing, bytes on disk, and keys in PostgreSQL copied to new files while they are read.
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { ownFolder } from "./support/endings.mjs";
import { report, round } from "./support/figures.mjs";
import { makeAccount } from "./support/pool.mjs";
import { startPostgres } from "./support/postgres.mjs";
import { fillSqlite, inDatabase, uuidAt } from "./support/rows.mjs";
import { startServer } from "./support/server.mjs";

const run = promisify(execFile);
const sealing = new URL("../../../build/release/bench_sealing", import.meta.url).pathname;

async function ofRecords() {
  const { sizes, page } = JSON.parse((await run(sealing)).stdout);
  for (const [size, { seal, open }] of Object.entries(sizes)) {
    const id = size === "100" ? "Seal" : "";
    report(id, `a record of ${size} bytes: µs to seal, to open`, `${seal}, ${open}`, "");
  }
  report("", "  a page of 20 of 280 bytes with its keys from the file, µs", page, "");
}

async function ofBytes(count) {
  const dataDir = await mkdtemp(join(tmpdir(), "cruddur-bench-"));
  const remove = ownFolder(dataDir);
  const settle = async () => (await startServer({ LOG_LEVEL: "warning" }, { dataDir })).stop();
  const sizes = async () =>
    Promise.all(
      ["cruddur.db", "keys/content.keys"].map(
        async (name) => (await stat(join(dataDir, name))).size,
      ),
    );
  const server = await startServer({ LOG_LEVEL: "warning" }, { dataDir });
  await makeAccount(server.url);
  await server.stop();
  const before = await sizes();
  const user = inDatabase(dataDir, (db) => db.prepare("SELECT uuid FROM users LIMIT 1").get().uuid);
  const now = Date.now();
  const rows = function* () {
    for (let i = 0; i < count; i++) {
      const at = now - 80_000_000 + i * 500;
      yield {
        uuid: uuidAt(at),
        user_uuid: user,
        message: "x".repeat(100),
        created_at: at,
        expires_at: at + 20 * 86_400_000,
      };
    }
  };
  await fillSqlite(dataDir, rows());
  await settle();
  const after = await sizes();
  const [row, key] = after.map((size, i) => round((size - before[i]) / count, 0));
  report("Disk", "bytes on disk for a post of 100: database, key file", `${row}, ${key}`, "");
  await remove();
}

const read = `\\set first random(1, 999900)
SELECT i, (SELECT k.key FROM content_keys k WHERE k.slot = i LIMIT 1) FROM generate_series(:first::bigint, :first + 19) AS i;
`;

// What pgbench's log tells of each read: its end in Unix milliseconds, and its milliseconds.
async function reads(folder) {
  const names = (await readdir(folder)).filter((name) => name.startsWith("pgbench_log"));
  const lines = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  return lines
    .flatMap((text) => text.trim().split("\n"))
    .map((line) => line.split(" ").map(Number))
    .map(([, , took, , seconds, micros]) => ({
      end: seconds * 1000 + micros / 1000,
      ms: took / 1000,
    }));
}

const longestOf = (all) => round(Math.max(...all.map(({ ms }) => ms)), 1);

// The server copies the keys at its start, as some were destroyed.
async function ofRewriting(count) {
  const postgres = await startPostgres();
  const dataDir = await mkdtemp(join(tmpdir(), "cruddur-bench-"));
  const remove = ownFolder(dataDir);
  const start = () =>
    startServer({ LOG_LEVEL: "warning", DATABASE_URL: postgres.url }, { dataDir });
  await (await start()).stop();
  await postgres.query(`INSERT INTO content_keys (side, slot, key)
    SELECT side, 1000000 + i, sha256(int8send(i)) FROM generate_series(1, ${count}) AS i, content_key_sides`);
  await postgres.query("UPDATE content_key_sides SET has_traces = 1, rewritten_at = 0");
  await postgres.query("VACUUM ANALYZE content_keys");
  const script = join(postgres.socket, "read.sql");
  await writeFile(script, read, { mode: 0o644 });
  const side = async () =>
    (await postgres.query("SELECT side, copied_to IS NULL FROM content_key_sides")).trim();
  const first = await side();
  const reading = postgres.pgbench("-c 2 -R 400 -T 30 -l -M prepared -f".split(" ").concat(script));
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  const server = await start();
  const began = Date.now();
  const [from] = first.split("|");
  for (;;) {
    const [now, done] = (await side()).split("|");
    if (now !== from && done === "t") break;
    if (Date.now() - began > 60_000) throw new Error("the keys were not copied");
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const ended = Date.now();
  const seconds = (ended - began) / 1000;
  await reading;
  const all = await reads(postgres.socket);
  await server.stop();
  await postgres.stop();
  await remove();
  const calm = all.filter(({ end }) => end < began - server.startedInMs);
  const longest = longestOf(all.filter(({ end }) => end >= began && end <= ended + 100));
  report(
    "Keys",
    "a million keys in PostgreSQL copied to new files, s",
    round(seconds, 1),
    "≤ 60",
    seconds <= 60,
  );
  report("", "  the longest read of 20 keys meanwhile, ms", longest, "≤ 50", longest <= 50);
  report("", "  the longest of the five seconds before, ms", longestOf(calm), "");
}

export async function erasure() {
  await ofRecords();
  await ofBytes(100_000);
  await ofRewriting(1_000_000);
}
