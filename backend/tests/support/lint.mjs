// clang-tidy with a memory: see bin/lint. Reads what Ninja knows of each object (its compile command and all files that it depends
// on); a key is the digest of their contents, so a file is looked at again exactly when something that it is made of has changed.
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { availableParallelism, homedir } from "node:os";
import { join, resolve } from "node:path";

const build = "build/dev";
const tool = "clang-tidy-19";
const kept = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "cruddur-lint");
const keptFor = 30 * 24 * 3600 * 1000; // milliseconds without use
const root = process.cwd();

const digest = (text) => createHash("sha256").update(text).digest("hex");
const fileDigests = new Map();
function fileDigest(path) {
  if (!fileDigests.has(path))
    fileDigests.set(path, existsSync(path) ? digest(readFileSync(path)) : "");
  return fileDigests.get(path);
}

// Of every object, what it depends on: "OBJECT: #deps N, …" and then a line a file.
function dependencies() {
  const listed = execFileSync("ninja", ["-C", build, "-t", "deps"], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  const byObject = new Map();
  let files = [];
  for (const line of listed.split("\n")) {
    const object = /^(\S.*): #deps /.exec(line);
    if (object) {
      files = [];
      byObject.set(object[1], files);
    } else if (line.startsWith("    ")) files.push(resolve(build, line.trim()));
  }
  return byObject;
}

// The precompiled header stands for the headers in it, which Ninja lists with it alone.
const isGenerated = (path) => path.endsWith(".pch");

function keyOf(entry, depends, common) {
  const files = depends.filter((path) => !isGenerated(path)).sort();
  return digest(
    [
      common,
      entry.command.replaceAll(root, ""),
      ...files.map((path) => path.replace(root, "") + fileDigest(path)),
    ].join("\n"),
  );
}

function run(file) {
  return new Promise((done) => {
    const child = spawn(tool, ["-quiet", "-p", build, file], { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (text) => (output += text));
    child.stderr.on("data", (text) => (output += text));
    child.on("error", (error) => done({ good: false, output: String(error) }));
    child.on("close", (status) => done({ good: status === 0, output }));
  });
}

mkdirSync(kept, { recursive: true });
for (const name of readdirSync(kept)) {
  const path = join(kept, name);
  if (Date.now() - statSync(path).mtimeMs > keptFor) rmSync(path);
}

const byObject = dependencies();
const headersOfAll = [...byObject]
  .filter(([object]) => isGenerated(object))
  .flatMap(([, files]) => files);
const common = [
  execFileSync(tool, ["--version"], { encoding: "utf8" }),
  readFileSync(".clang-tidy", "utf8"),
  ...headersOfAll.sort().map((path) => path.replace(root, "") + fileDigest(path)),
].join("\n");

const work = [];
let unchanged = 0;
for (const entry of JSON.parse(readFileSync(join(build, "compile_commands.json"), "utf8"))) {
  if (!entry.file.startsWith(join(root, "backend/src/"))) continue;
  const [, object] = / -o (\S+)/.exec(entry.command);
  const depends = byObject.get(object);
  if (!depends)
    throw new Error(
      `${entry.file} has not been built: bin/build dev cruddur unit_tests contract_tests`,
    );
  const mark = join(kept, keyOf(entry, depends, common));
  if (existsSync(mark)) {
    utimesSync(mark, new Date(), new Date());
    unchanged += 1;
  } else {
    work.push({ file: entry.file, mark });
  }
}

const bad = [];
const total = work.length;
async function worker() {
  for (let next = work.shift(); next; next = work.shift()) {
    const { good, output } = await run(next.file);
    if (good) writeFileSync(next.mark, "");
    else bad.push(`${next.file.replace(`${root}/`, "")}\n${output}`);
  }
}
await Promise.all(Array.from({ length: availableParallelism() }, worker));
for (const each of bad) process.stderr.write(`${each}\n`);
process.stdout.write(
  `${total} sources read, ${unchanged} unchanged since they passed, ${bad.length} with findings\n`,
);
process.exitCode = bad.length === 0 ? 0 : 1;
