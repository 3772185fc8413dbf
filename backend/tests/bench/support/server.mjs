// Starts a release binary for a benchmark, in a temporary folder, and stops it.
import { spawn } from "node:child_process";
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { candidate, settingsFor } from "./binaries.mjs";
import { ownChild, ownFolder } from "./endings.mjs";
import { freePort } from "./free_port.mjs";

const longestStart = 30_000; // ms

async function answers(url) {
  try {
    return (await fetch(`${url}/api/activities/home`)).ok;
  } catch {
    return false;
  }
}

// Of a server that is started again at another port: its tokens name their issuer by its URL.
export const lastingUrl = { BACKEND_URL: "http://cruddur.test" };

// `dataDir` is kept when it is given. Settings that the binary does not know are left out.
export async function startServer(settings = {}, { binary = candidate, dataDir } = {}) {
  const folder = dataDir ?? (await mkdtemp(join(tmpdir(), "cruddur-bench-")));
  const removeFolder = dataDir ? async () => {} : ownFolder(folder);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = await settingsFor(binary, {
    CRUDDUR_DATA_DIR: folder,
    PORT: String(port),
    SEED: "false",
    WRITE_LIMITS: "off",
    ...settings,
  });
  const started = process.hrtime.bigint();
  const child = spawn(binary.path, ["serve"], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const end = ownChild(child);
  let ended = false;
  child.once("exit", () => {
    ended = true;
  });
  const elapsed = () => Number(process.hrtime.bigint() - started) / 1e6;
  while (!(await answers(url))) {
    if (ended || elapsed() > longestStart) throw new Error(`${binary.path} did not start`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return {
    url,
    pid: child.pid,
    dataDir: folder,
    startedInMs: elapsed(),
    async stop() {
      await end();
      await removeFolder();
    },
  };
}

// User and system time of a process so far, in microseconds, all its threads.
export async function cpuMicroseconds(pid) {
  const fields = (await readFile(`/proc/${pid}/stat`, "utf8")).split(") ")[1].split(" ");
  return ((Number(fields[11]) + Number(fields[12])) * 1e6) / 100;
}

export async function residentMegabytes(pid) {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024;
}

// A number of /metrics.
export async function metric(url, name) {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)[1]);
}
