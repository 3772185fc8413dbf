// Copies of what is sealed, taken while it lives, and the attempt to open them later with every key that can be found.
import { createDecipheriv } from "node:crypto";
import type { Storage } from "../support/storage.ts";

export interface SealedCopy {
  what: string;
  slot: string;
  context: Buffer;
  sealed: Buffer;
}

const tables = [
  { name: "activities", id: "uuid", kind: "a", what: "post" },
  { name: "users", id: "uuid", kind: "p", what: "profile" },
  { name: "pool_accounts", id: "uuid", kind: "c", what: "account" },
  { name: "pool_codes", id: "account_uuid", kind: "m", what: "new email" },
] as const;

/** Of everything that lives now, by slot. */
export function copySealed(storage: Storage): Map<string, SealedCopy> {
  const isSqlite = storage.engine === "sqlite";
  const bytes = (column: string) => (isSqlite ? `hex(${column})` : `encode(${column}, 'hex')`);
  const id = (column: string) => (isSqlite ? bytes(column) : column);
  const all = new Map<string, SealedCopy>();
  for (const { name, id: column, kind, what } of tables) {
    const rows = storage.rows(
      `SELECT slot, ${id(column)}, ${bytes("sealed")} FROM ${name} WHERE slot IS NOT NULL`,
    );
    for (const [slot = "", owner = "", sealed = ""] of rows) {
      const ownerBytes = Buffer.from(owner.replaceAll("-", ""), "hex");
      const context = Buffer.concat([Buffer.from(kind), ownerBytes]);
      all.set(slot, { what, slot, context, sealed: Buffer.from(sealed, "hex") });
    }
  }
  return all;
}

/** AES-256-GCM: nonce (12), text, tag (16). */
export function unseal(key: Buffer, context: Buffer, sealed: Buffer): Buffer | undefined {
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, 12));
  decipher.setAAD(context);
  decipher.setAuthTag(sealed.subarray(-16));
  const text = decipher.update(sealed.subarray(12, -16));
  try {
    decipher.final();
    return text;
  } catch {
    return undefined;
  }
}

/** Those that any of the keys opens. */
export function opened(copies: Iterable<SealedCopy>, keys: readonly Buffer[]): SealedCopy[] {
  return [...copies].filter(({ context, sealed }) =>
    keys.some((key) => unseal(key, context, sealed)),
  );
}

/** Without doubles and without what was never filled. */
export function distinctKeys(keys: readonly Buffer[]): Buffer[] {
  const byText = new Map(keys.map((key) => [key.toString("base64"), key]));
  return [...byText.values()].filter((key) => key.some((byte) => byte !== 0));
}
