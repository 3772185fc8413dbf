// What somebody finds who has all files of a server: texts in clear, as UTF-16, in pieces of 16 bytes, and inside what zlib
// compressed.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { constants, gunzipSync, inflateSync } from "node:zlib";

const piece = 16; // bytes
const mostUnpacked = 256 * 1024 * 1024;

interface Pattern {
  bytes: Buffer;
  text: string;
}

export interface Finding {
  file: string;
  text: string;
}

/** Finds pieces of the texts, in each encoding, in whatever bytes it is given. */
export class TextSearch {
  readonly texts: readonly string[];
  #byStart = new Map<number, Pattern[]>();
  // A bit for each hash of a pattern's first four bytes: most places are passed over by one look.
  #starts = new Uint8Array(1 << 21);

  constructor(texts: Iterable<string>) {
    this.texts = [...new Set(texts)];
    for (const text of this.texts) {
      const wide = Buffer.from(text, "utf16le");
      for (const bytes of [Buffer.from(text), wide, Buffer.from(wide).swap16()])
        this.#addPieces(bytes, text);
    }
  }

  #addPieces(bytes: Buffer, text: string): void {
    if (bytes.length < 4) throw new Error(`too short to be searched for: ${text}`);
    for (let at = 0; at === 0 || at + piece <= bytes.length; at++) {
      const pattern = { bytes: bytes.subarray(at, at + piece), text };
      const start = pattern.bytes.readUInt32BE(0);
      const same = this.#byStart.get(start);
      if (same) same.push(pattern);
      else this.#byStart.set(start, [pattern]);
      const hash = hashOf(start);
      this.#starts[hash >>> 3] = (this.#starts[hash >>> 3] as number) | (1 << (hash & 7));
    }
  }

  /** The texts of which a piece stands there, also inside what is compressed. */
  in(bytes: Buffer): Set<string> {
    const found = this.#inPlain(bytes);
    for (const unpacked of unpackedFrom(bytes))
      for (const text of this.#inPlain(unpacked)) found.add(text);
    return found;
  }

  #inPlain(bytes: Buffer): Set<string> {
    const found = new Set<string>();
    let start = 0;
    for (let end = 0; end < bytes.length; end++) {
      start = ((start << 8) | (bytes[end] as number)) >>> 0;
      const hash = hashOf(start);
      if (((this.#starts[hash >>> 3] as number) & (1 << (hash & 7))) === 0) continue;
      const at = end - 3;
      for (const { bytes: wanted, text } of this.#byStart.get(start) ?? [])
        if (at >= 0 && bytes.subarray(at, at + wanted.length).equals(wanted)) found.add(text);
    }
    return found;
  }

  inFolder(folder: string): Finding[] {
    const findings: Finding[] = [];
    for (const file of filesIn(folder))
      for (const text of this.in(readFileSync(file))) findings.push({ file, text });
    return findings;
  }
}

const hashOf = (start: number): number => Math.imul(start, 0x9e3779b1) >>> 8;

/** What zlib or gzip packed, wherever it begins; a stream that is cut or damaged as far as it goes. */
function* unpackedFrom(bytes: Buffer): Generator<Buffer> {
  const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: mostUnpacked };
  for (let at = 0; at + 2 < bytes.length; at++) {
    const first = bytes[at];
    const second = bytes[at + 1] as number;
    const isGzip = first === 0x1f && second === 0x8b && bytes[at + 2] === 8;
    const isZlib = first === 0x78 && (first * 256 + second) % 31 === 0 && (second & 32) === 0;
    if (!isGzip && !isZlib) continue;
    try {
      const rest = bytes.subarray(at);
      yield isGzip ? gunzipSync(rest, options) : inflateSync(rest, options);
    } catch {
      // No such stream.
    }
  }
}

export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
}
