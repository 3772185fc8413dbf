// Rows put beside a server into its database, many at once.
import { randomBytes } from "node:crypto";
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
    fill(db);
    db.exec("COMMIT");
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

// Gives a function that inserts an activity as the server would. Earlier releases lack some of the columns.
export function activityInsert(db) {
  const known = db
    .prepare("PRAGMA table_info(activities)")
    .all()
    .map(({ name }) => name);
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
  ].filter((name) => known.includes(name));
  const insert = db.prepare(
    `INSERT INTO activities (${columns}) VALUES (${columns.map((name) => `$${name}`)})`,
  );
  return (activity) => {
    const row = { reply_to_uuid: null, root_uuid: null, ...activity };
    row.entities = entitiesOf(row.message);
    row.lifetime_class = lifetimeClass(row);
    insert.run(Object.fromEntries(columns.map((name) => [name, row[name]])));
  };
}
