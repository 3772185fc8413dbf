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
