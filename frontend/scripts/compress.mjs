// Writes a .br and a .gz file beside every file that is worth compressing.
// Usage: node scripts/compress.mjs FOLDER
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const compressible = /\.(html|css|js|mjs|json|svg|txt|webmanifest)$/;
// In bytes; for a smaller file the headers cost more than compression saves.
const smallest = 256;
const brotli = promisify(brotliCompress);
const deflate = promisify(gzip);

const folder = process.argv[2];
if (!folder) throw new Error("usage: compress.mjs FOLDER");

let files = 0;
for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !compressible.test(entry.name)) continue;
  const path = join(entry.parentPath, entry.name);
  const bytes = await readFile(path);
  if (bytes.length < smallest) continue;
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  await writeFile(`${path}.br`, await brotli(bytes, { params }));
  await writeFile(`${path}.gz`, await deflate(bytes, { level: constants.Z_BEST_COMPRESSION }));
  files += 1;
}
console.log(`compressed ${files} files`);
