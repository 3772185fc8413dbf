// Starts the release binary for a benchmark, in a temporary folder, and stops it.
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free_port.mjs";

const binary = new URL("../../../../build/release/cruddur", import.meta.url).pathname;

async function answers(url) {
  try {
    return (await fetch(`${url}/api/activities/home`)).ok;
  } catch {
    return false;
  }
}

export async function startServer(settings = {}, folder = undefined) {
  const dataDir = folder ?? (await mkdtemp(join(tmpdir(), "cruddur-bench-")));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const started = process.hrtime.bigint();
  const child = spawn(binary, ["serve"], {
    env: {
      PATH: process.env.PATH,
      CRUDDUR_DATA_DIR: dataDir,
      PORT: String(port),
      SEED: "false",
      WRITE_LIMITS: "off",
      ...settings,
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
  let ended = false;
  child.once("exit", () => {
    ended = true;
  });
  while (!(await answers(url))) {
    if (ended) throw new Error("the server did not start");
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  const startedIn = Number(process.hrtime.bigint() - started) / 1e6;
  return {
    url,
    pid: child.pid,
    dataDir,
    startedInMs: startedIn,
    async stop() {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await gone;
      if (!folder) await rm(dataDir, { recursive: true, force: true });
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

// A counter of /metrics.
export async function metric(url, name) {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)[1]);
}
