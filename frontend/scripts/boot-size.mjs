// Fails when what is loaded before the first paint exceeds the budget: the scripts in index.html and one language's texts.
// Usage: node scripts/boot-size.mjs DIST
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

// In bytes, after gzip.
const budget = 120_000;

const dist = process.argv[2];
if (!dist) throw new Error("usage: boot-size.mjs DIST");

const html = await readFile(join(dist, "index.html"), "utf8");
const scripts = new Set(
  [...html.matchAll(/<(?:script[^>]+src|link[^>]+rel="modulepreload"[^>]+href)="([^"]+)"/g)].map(
    (match) => match[1],
  ),
);

const sizeOf = async (script) => gzipSync(await readFile(join(dist, script)), { level: 9 }).length;
const catalogues = (await readdir("src/shared/lib/i18n")).filter((name) =>
  /^[a-z]{2}\.ts$/.test(name),
);
const languages = (await readdir(join(dist, "assets")))
  .filter((name) => catalogues.some((each) => name.startsWith(`${each.slice(0, 2)}-`)))
  .map((name) => `/assets/${name}`);
const sizes = new Map();
for (const script of [...scripts, ...languages]) sizes.set(script, await sizeOf(script));
const longest = languages.toSorted((a, b) => sizes.get(b) - sizes.get(a))[0];

let total = 0;
for (const script of [...scripts, longest]) {
  const size = sizes.get(script);
  console.log(`${(size / 1000).toFixed(1).padStart(7)} kB  ${script}`);
  total += size;
}
console.log(`${(total / 1000).toFixed(1).padStart(7)} kB  boot, gzip (budget ${budget / 1000} kB)`);
if (scripts.size === 0 || languages.length === 0 || total > budget) {
  console.error("the boot chunk is over its budget");
  process.exit(1);
}
