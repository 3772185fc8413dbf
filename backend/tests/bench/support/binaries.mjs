// The server's programs that are measured: the one that was built here, and another release beside
// it when BASELINE names one.
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

export const candidate = {
  name: "candidate",
  path: new URL("../../../../build/release/cruddur", import.meta.url).pathname,
};

export const baseline = process.env.BASELINE
  ? { name: "baseline", path: process.env.BASELINE }
  : undefined;

const known = new Map();

async function readNames(path) {
  const { stdout } = await run(path, ["serve", "--help"]);
  return new Set([...stdout.matchAll(/\(([A-Z][A-Z_]+)\s*;/g)].map(([, name]) => name));
}

// Those of the settings that the program knows, as its help tells: releases differ in them.
export async function settingsFor({ path }, settings) {
  if (!known.has(path)) known.set(path, readNames(path));
  const names = await known.get(path);
  return Object.fromEntries(Object.entries(settings).filter(([name]) => names.has(name)));
}
