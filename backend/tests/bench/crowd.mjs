// Crowd: what honest readers notice of 4,000 slow readers, and of 1,000 pipeliners that read
// nothing: while they come, while they are there, and after. Loopback only; the crowd is a program
// of its own (crowd.cpp).
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { Agent, request } from "node:http";
import { createInterface } from "node:readline";
import { atExit } from "./support/endings.mjs";
import { median, report, round } from "./support/figures.mjs";
import { makeAccount } from "./support/pool.mjs";
import { residentMegabytes, startServer } from "./support/server.mjs";

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const program = new URL("../../../build/release/bench_crowd", import.meta.url).pathname;

// Of all sockets of the machine, both ends.
async function kernelMegabytes() {
  const text = await readFile("/proc/net/sockstat", "utf8");
  return (Number(/TCP:.* mem (\d+)/.exec(text)[1]) * 4096) / 1e6;
}

// Reads at a steady pace, whatever the answers take, until it is told to stop. Gives the p99 and the
// slowest, in milliseconds.
function readSteadily(url, perSecond = 250) {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const took = [];
  let going = true;
  const one = () =>
    new Promise((resolve, reject) => {
      const started = process.hrtime.bigint();
      const sent = request(`${url}/api/activities/home`, { agent }, (answer) => {
        if (answer.statusCode !== 200) reject(new Error(`answered ${answer.statusCode}`));
        answer.resume();
        answer.on("end", () => {
          took.push(Number(process.hrtime.bigint() - started) / 1e6);
          resolve();
        });
      });
      sent.on("error", reject);
      sent.end();
    });
  const run = async () => {
    const all = [];
    const started = performance.now();
    for (let i = 0; going; i++) {
      await sleep(Math.max(0, started + (i * 1000) / perSecond - performance.now()));
      all.push(one());
    }
    await Promise.all(all);
    agent.destroy();
    took.sort((a, b) => a - b);
    return { p99: took[Math.floor(took.length * 0.99)], most: took.at(-1) };
  };
  const running = run();
  return {
    stop() {
      going = false;
      return running;
    },
  };
}

async function readFor(url, seconds) {
  const reading = readSteadily(url);
  await sleep(seconds * 1000);
  return reading.stop();
}

const milliseconds = (of) =>
  `${round(median(of.map(({ p99 }) => p99)))}, ${round(Math.max(...of.map(({ most }) => most)))} ms`;

// The crowd comes, stays and goes, while others read.
async function oneRound(server, { count, perSecond, requests, bytes }) {
  const calm = await readFor(server.url, 3);
  const { port } = new URL(server.url);
  const before = await kernelMegabytes();
  const reading = readSteadily(server.url);
  const settings = [port, count, perSecond, requests, bytes].map(String);
  const crowd = spawn(program, settings, { stdio: ["pipe", "pipe", "inherit"] });
  const cancel = atExit(() => crowd.kill("SIGKILL"));
  const lines = createInterface({ input: crowd.stdout })[Symbol.asyncIterator]();
  if ((await lines.next()).value !== "here") throw new Error("the crowd did not come");
  const arrival = await reading.stop();
  await sleep(500);
  const beside = await readFor(server.url, 3);
  const kernel = (await kernelMegabytes()) - before;
  const own = await residentMegabytes(server.pid);
  crowd.stdin.end();
  const [kept, taken] = (await lines.next()).value.split(" ").map(Number);
  if (crowd.exitCode === null) await once(crowd, "exit");
  cancel();
  await sleep(1000);
  return { calm, arrival, beside, kernel, own, kept, taken };
}

async function measure(server, { name, ...crowd }) {
  const before = await residentMegabytes(server.pid);
  const rounds = [];
  for (let i = 0; i < 3; i++) rounds.push(await oneRound(server, crowd));
  await sleep(6000);
  const later = await readFor(server.url, 3);
  const after = await residentMegabytes(server.pid);

  const calm = rounds.map((each) => each.calm);
  const compare = (what, of) => {
    const ratio = round(median(of.map(({ p99 }, i) => p99 / calm[i].p99)));
    report("", `  timeline p99 ${what} ÷ calm`, ratio, "≤ 2", ratio <= 2);
    report("", "    p99 and slowest", milliseconds(of), "");
  };
  const kept = Math.min(...rounds.map((each) => each.kept));
  report("crowd", name, `${kept} stayed`, "all", kept === crowd.count);
  report("", "  timeline p99 and slowest, calm", milliseconds(calm), "");
  compare(
    "while they come",
    rounds.map((each) => each.arrival),
  );
  compare(
    "beside them",
    rounds.map((each) => each.beside),
  );
  report("", "  timeline p99 and slowest, after", milliseconds([later]), "");
  const taken = median(rounds.map((each) => each.taken)) / 1e6;
  report("", "  they read, all together", `${round(taken, 0)} MB`, "");
  const each = round((median(rounds.map(({ kernel }) => kernel)) * 1000) / crowd.count, 0);
  report("", "  kernel memory for each, both ends", `${each} kB`, "≤ 512 kB", each <= 512);
  const most = Math.max(...rounds.map(({ own }) => own));
  const growth = [before, most, after].map((size) => round(size, 0)).join(" → ");
  const back = after <= before + 16;
  report("", "  resident memory: before → with them → after", `${growth} MB`, "given back", back);
}

export async function crowd() {
  const server = await startServer({ LOG_LEVEL: "error", MAX_CONNECTIONS: "9000" });
  try {
    const { token } = await makeAccount(server.url);
    for (let i = 0; i < 100; i++) {
      const answer = await fetch(`${server.url}/api/activities`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify({ message: `${i} ${"言".repeat(270)}`, ttl: "1-day" }),
      });
      if (answer.status !== 201) throw new Error(await answer.text());
    }
    await readFor(server.url, 4);
    await measure(server, {
      name: "4,000 that read 512 bytes every 100 ms",
      count: 4000,
      perSecond: 2000,
      requests: 1,
      bytes: 512,
    });
    await measure(server, {
      name: "1,000 that ask 200 times and read nothing",
      count: 1000,
      perSecond: 1000,
      requests: 200,
      bytes: 0,
    });
  } finally {
    await server.stop();
  }
}
