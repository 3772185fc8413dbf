// Key files and sealed rows, read from outside, to find out which key opens what.
import { createDecipheriv } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import type { Storage } from "./storage.ts";

const page = 4096;
const keysInExtent = 1024;
const extent = page + keysInExtent * 32;

/** Every 32 bytes of a key file that could be a key, whatever its headers say. */
export function keysIn(path: string): Buffer[] {
  const bytes = readFileSync(path);
  const keys: Buffer[] = [];
  for (let start = page; start + extent <= bytes.length; start += extent) {
    for (let at = start + page; at < start + extent; at += 32)
      keys.push(bytes.subarray(at, at + 32));
  }
  return keys;
}

/** Writes other bytes in the place of one key, as a disk would that has gone bad. */
export function damageKey(path: string, slot: number): void {
  const bytes = readFileSync(path);
  const number = BigInt(Math.floor(slot / keysInExtent));
  for (let start = page; start + extent <= bytes.length; start += extent)
    if (bytes.readBigUInt64LE(start) === number)
      bytes.fill(
        0x5a,
        start + page + (slot % keysInExtent) * 32,
        start + page + ((slot % keysInExtent) + 1) * 32,
      );
  writeFileSync(path, bytes);
}

export function keysInDatabase(storage: Storage): Buffer[] {
  return storage
    .rows("SELECT encode(key, 'hex') FROM content_keys")
    .map(([hex]) => Buffer.from(hex ?? "", "hex"));
}

/** What is stored of a post. */
export function sealedPost(storage: Storage, uuid: string): Buffer {
  const where =
    storage.engine === "sqlite" ? `X'${uuid.replaceAll("-", "")}'` : `CAST('${uuid}' AS uuid)`;
  const hex = storage.engine === "sqlite" ? "hex(sealed)" : "encode(sealed, 'hex')";
  const [row] = storage.rows(`SELECT ${hex} FROM activities WHERE uuid = ${where}`);
  return Buffer.from(row?.[0] ?? "", "hex");
}

/** How many of the keys open a post: AES-256-GCM, nonce (12), text, tag (16). */
export function opening(keys: Buffer[], uuid: string, sealed: Buffer): number {
  const context = Buffer.concat([Buffer.from("a"), Buffer.from(uuid.replaceAll("-", ""), "hex")]);
  return keys.filter((key) => {
    const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, 12));
    decipher.setAAD(context);
    decipher.setAuthTag(sealed.subarray(-16));
    try {
      decipher.update(sealed.subarray(12, -16));
      decipher.final();
      return true;
    } catch {
      return false;
    }
  }).length;
}
