// Starts the release binary for a benchmark, in a temporary folder, and stops it.
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const binary = new URL("../../../../build/release/cruddur", import.meta.url).pathname;

export async function startServer(settings = {}, folder = undefined) {
  const dataDir = folder ?? (await mkdtemp(join(tmpdir(), "cruddur-bench-")));
  const started = process.hrtime.bigint();
  const child = spawn(binary, ["serve"], {
    env: { PATH: process.env.PATH, CRUDDUR_DATA_DIR: dataDir, PORT: "0", SEED: "false", ...settings },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const port = await new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the server ended with ${code}`)));
    createInterface({ input: child.stdout }).on("line", (line) => {
      const found = /serving\b.*\bport=(\d+)/.exec(line);
      if (found) resolve(Number(found[1]));
    });
  });
  const url = `http://127.0.0.1:${port}`;
  await fetch(`${url}/api/activities/home`);
  const startedIn = Number(process.hrtime.bigint() - started) / 1e6;
  return {
    url,
    pid: child.pid,
    dataDir,
    startedInMs: startedIn,
    async stop() {
      child.removeAllListeners("exit");
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
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
