// Rows put beside a server into its database, many at once.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

// A version 7 UUID for a moment in Unix milliseconds.
export function uuidAt(ms) {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(ms, 0, 6);
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return bytes;
}

// Lets `fill` write into the SQLite database in a folder, as one transaction.
export function inDatabase(dataDir, fill) {
  const db = new DatabaseSync(join(dataDir, "cruddur.db"), { timeout: 10_000 });
  try {
    db.exec("PRAGMA synchronous = OFF; BEGIN IMMEDIATE");
    const out = fill(db);
    db.exec("COMMIT");
    return out;
  } finally {
    db.close();
  }
}

// What the server keeps beside a message with ASCII tags.
export function entitiesOf(message) {
  const tags = [...message.matchAll(/#(\w+)/g)];
  return JSON.stringify(
    tags.map(([tag, value], i) => ({
      type: "tag",
      start: tags[i].index,
      end: tags[i].index + tag.length,
      value,
    })),
  );
}

const lifetimes = [1, 3, 12, 24, 3 * 24, 7 * 24, 30 * 24]; // hours

// The column of the same name, as the server fills it.
export function lifetimeClass({ created_at, expires_at, root_uuid }) {
  if (root_uuid) return -1;
  const found = lifetimes.findIndex((hours) => expires_at - created_at <= hours * 3_600_000);
  return found < 0 ? 7 : found;
}

// Inserts as an earlier release would, which sealed nothing and lacks some of the columns.
function insertClear(db, columnNames, rows) {
  const columns = [
    "uuid",
    "user_uuid",
    "message",
    "created_at",
    "expires_at",
    "reply_to_uuid",
    "root_uuid",
    "entities",
    "lifetime_class",
  ].filter((name) => columnNames.includes(name));
  const insert = db.prepare(
    `INSERT INTO activities (${columns}) VALUES (${columns.map((name) => `$${name}`)})`,
  );
  for (const row of rows) {
    const all = { reply_to_uuid: null, root_uuid: null, ...row };
    all.entities = entitiesOf(row.message);
    all.lifetime_class = lifetimeClass(all);
    insert.run(Object.fromEntries(columns.map((name) => [name, all[name]])));
  }
}

const program = new URL("../../../../build/release/bench_fill", import.meta.url).pathname;

const uuidText = (bytes) =>
  Buffer.from(bytes)
    .toString("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");

function lineOf({ uuid, user_uuid, reply_to_uuid, root_uuid, created_at, expires_at, message }) {
  const ids = [uuid, user_uuid, reply_to_uuid, root_uuid].map((id) => (id ? uuidText(id) : "-"));
  return `${[...ids, created_at, expires_at, message].join("\t")}\n`;
}

function lineOfPerson({ uuid, identity_id, created_at, handle, display_name }) {
  const ids = [uuid, identity_id].map(uuidText);
  return `${["person", ...ids, created_at, handle, display_name].join("\t")}\n`;
}

async function insertSealed(settings, rows, toLine = lineOf) {
  const child = spawn(program, [], {
    env: { PATH: process.env.PATH, ...settings },
    stdio: ["pipe", "ignore", "inherit"],
  });
  const ended = once(child, "exit");
  for (const row of rows) {
    if (!child.stdin.write(toLine(row))) await once(child.stdin, "drain");
  }
  child.stdin.end();
  const [code] = await ended;
  if (code !== 0) throw new Error("bench_fill failed");
}

// Puts activities into the SQLite database of a stopped server, of this release or of an earlier one. A row is
// { uuid, user_uuid, reply_to_uuid, root_uuid, created_at, expires_at, message }, ids as bytes.
export async function fillSqlite(dataDir, rows) {
  const columns = inDatabase(dataDir, (db) => {
    const names = db
      .prepare("PRAGMA table_info(activities)")
      .all()
      .map(({ name }) => name);
    if (names.includes("message")) insertClear(db, names, rows);
    return names;
  });
  if (!columns.includes("message")) await insertSealed({ CRUDDUR_DATA_DIR: dataDir }, rows);
}

// Puts people likewise: { uuid, identity_id, handle, display_name, created_at }.
export async function fillPeople(dataDir, people) {
  const isSealed = inDatabase(dataDir, (db) => {
    const names = db.prepare("PRAGMA table_info(users)").all();
    if (!names.some(({ name }) => name === "handle")) return true;
    const columns = Object.keys(people[0]);
    const insert = db.prepare(
      `INSERT INTO users (${columns}) VALUES (${columns.map((name) => `$${name}`)})`,
    );
    for (const person of people) insert.run(person);
    return false;
  });
  if (isSealed) await insertSealed({ CRUDDUR_DATA_DIR: dataDir }, people, lineOfPerson);
}

// The same as fillSqlite on PostgreSQL, for this release only.
export const fillPostgres = (dataDir, url, rows) =>
  insertSealed({ CRUDDUR_DATA_DIR: dataDir, DATABASE_URL: url }, rows);
