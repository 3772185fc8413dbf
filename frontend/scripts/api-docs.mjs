// Renders api/openapi.yaml as openapi.json, docs.html and docs.css: plain files without scripts or inline styles, so that
// they work under the strictest content security policy. The page links its style sheet as /api/docs.css.
// Usage: node scripts/api-docs.mjs FOLDER
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { renderPage } from "./api-docs/page.mjs";

const folder = process.argv[2];
if (!folder) throw new Error("usage: api-docs.mjs FOLDER");

const source = await readFile(new URL("../../api/openapi.yaml", import.meta.url), "utf8");
const contract = parse(source);

await mkdir(folder, { recursive: true });
await writeFile(join(folder, "openapi.json"), `${JSON.stringify(contract)}\n`);
await writeFile(join(folder, "docs.html"), renderPage(contract));
await copyFile(new URL("./api-docs/docs.css", import.meta.url), join(folder, "docs.css"));
