// The binary is all that a deployment needs: alone in an empty folder it serves the web client.
import assert from "node:assert/strict";
import { chmodSync, copyFileSync, readdirSync, statSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";
import { describe, it } from "node:test";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { makeFolder, removeFolder } from "./support/guard.ts";
import { binary } from "./support/paths.ts";
import { startServer } from "./support/server.ts";

function fetchRaw(url: string, encoding: string): Promise<{ body: Buffer; encoding?: string }> {
  return new Promise((resolve, reject) => {
    const headers = { accept: "text/html", "accept-encoding": encoding };
    get(url, { headers }, (answer) => {
      const parts: Buffer[] = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () =>
        resolve({ body: Buffer.concat(parts), encoding: answer.headers["content-encoding"] }),
      );
    }).on("error", reject);
  });
}

describe("the binary alone", () => {
  it("keeps its data from other users of the machine, whatever the umask", async () => {
    const before = process.umask(0o022);
    const folder = makeFolder("private");
    try {
      for (const _start of ["new", "of an earlier version"]) {
        const server = await startServer({ CRUDDUR_DATA_DIR: join(folder, "data") });
        try {
          const names = readdirSync(server.dataDir, { recursive: true, encoding: "utf8" });
          assert(names.includes("cruddur.db-wal"), names.join(" "));
          for (const path of [server.dataDir, ...names.map((each) => join(server.dataDir, each))])
            assert.equal(statSync(path).mode & 0o077, 0, path);
        } finally {
          await server.stop();
        }
        chmodSync(join(folder, "data"), 0o755);
        chmodSync(join(folder, "data", "cruddur.db"), 0o644);
      }
    } finally {
      process.umask(before);
      removeFolder(folder);
    }
  });

  it("has the web client in it, compressed when it was built", async () => {
    const folder = makeFolder("alone");
    const alone = join(folder, "cruddur");
    copyFileSync(binary, alone);
    const server = await startServer({ CRUDDUR_DATA_DIR: join(folder, "data") }, alone);
    try {
      const plain = await fetchRaw(`${server.url}/`, "identity");
      const page = plain.body.toString();
      assert.equal(plain.encoding, undefined);
      const script = /src="(\/assets\/[^"]+\.js)"/.exec(page)?.[1];
      assert(script, page);
      const whole = (await fetchRaw(server.url + script, "identity")).body;
      const brotli = await fetchRaw(server.url + script, "br");
      const gzip = await fetchRaw(server.url + script, "gzip");
      assert.equal(brotli.encoding, "br");
      assert.equal(gzip.encoding, "gzip");
      assert(brotli.body.length < whole.length / 2);
      assert.deepEqual(brotliDecompressSync(brotli.body), whole);
      assert.deepEqual(gunzipSync(gzip.body), whole);
    } finally {
      await server.stop();
      removeFolder(folder);
    }
  });
});
