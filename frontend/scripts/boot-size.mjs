// Fails when the scripts that index.html loads before the first paint exceed the budget.
// Usage: node scripts/boot-size.mjs DIST
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const budget = 120_000; // bytes, gzip

const dist = process.argv[2];
if (!dist) throw new Error("usage: boot-size.mjs DIST");

const html = await readFile(join(dist, "index.html"), "utf8");
const scripts = new Set(
  [...html.matchAll(/<(?:script[^>]+src|link[^>]+rel="modulepreload"[^>]+href)="([^"]+)"/g)].map(
    (match) => match[1],
  ),
);

let total = 0;
for (const script of scripts) {
  const size = gzipSync(await readFile(join(dist, script)), { level: 9 }).length;
  console.log(`${(size / 1000).toFixed(1).padStart(7)} kB  ${script}`);
  total += size;
}
console.log(`${(total / 1000).toFixed(1).padStart(7)} kB  boot, gzip (budget ${budget / 1000} kB)`);
if (total === 0 || total > budget) {
  console.error("the boot chunk is over its budget");
  process.exit(1);
}
