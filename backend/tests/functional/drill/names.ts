// What somebody can do with an old copy of the database, today's keys and a list of addresses: make the MACs that the index of
// names would hold, and look for them.
import { createHmac } from "node:crypto";
import type { Storage } from "../support/storage.ts";
import { unseal } from "./sealed_copies.ts";

/** The keys of the index that any of the keys opens. */
export function indexKeys(storage: Storage, keys: readonly Buffer[]): Buffer[] {
  const sealed = storage.engine === "sqlite" ? "hex(sealed)" : "encode(sealed, 'hex')";
  const found: Buffer[] = [];
  for (const [generation = "", text = ""] of storage.rows(
    `SELECT generation, ${sealed} FROM index_keys`,
  )) {
    const context = Buffer.alloc(17);
    context.write("i");
    context.writeBigUInt64BE(BigInt(generation), 9);
    for (const key of keys) {
      const opened = unseal(key, context, Buffer.from(text, "hex"));
      if (opened) found.push(opened);
    }
  }
  return found;
}

/** What stands in the database for names, as text. */
export const storedMacs = (storage: Storage): Set<string> =>
  new Set(
    [
      "SELECT email_mac FROM pool_accounts",
      "SELECT handle_mac FROM pool_accounts",
      "SELECT handle_mac FROM users WHERE handle_mac IS NOT NULL",
      "SELECT handle_mac FROM pool_reserved_handles",
      "SELECT destination_mac FROM pool_mail_allowances",
    ].flatMap((sql) => storage.rows(sql).map(([mac = ""]) => mac)),
  );

/** Those of the guesses that the index keys find. */
export function matches(
  macs: ReadonlySet<string>,
  keys: readonly Buffer[],
  guesses: Iterable<string>,
): string[] {
  const kinds = ["e", "h", "d"];
  const macOf = (key: Buffer, kind: string, name: string) =>
    createHmac("sha256", key)
      .update(`${kind}:${name}`)
      .digest()
      .subarray(0, 16)
      .toString("base64url");
  return [...guesses].filter((name) =>
    keys.some((key) => kinds.some((kind) => macs.has(macOf(key, kind, name)))),
  );
}
