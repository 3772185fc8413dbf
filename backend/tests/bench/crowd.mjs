// Crowd: what honest readers notice of 4,000 slow readers, and of 1,000 pipeliners that read
// nothing. Loopback only; the crowd comes from a process of its own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { Agent, request } from "node:http";
import { connect } from "node:net";
import { report, round } from "./support/figures.mjs";
import { makeAccount } from "./support/pool.mjs";
import { residentMegabytes, startServer } from "./support/server.mjs";

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const self = new URL(import.meta.url).pathname;

async function kernelMegabytes() {
  const text = await readFile("/proc/net/sockstat", "utf8");
  return (Number(/TCP:.* mem (\d+)/.exec(text)[1]) * 4096) / 1e6;
}

// p99 in milliseconds of reads at a steady pace, and the slowest.
async function readSteadily(url, { perSecond = 100, seconds = 5 } = {}) {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const took = [];
  const one = () =>
    new Promise((resolve, reject) => {
      const started = process.hrtime.bigint();
      const sent = request(`${url}/api/activities/home`, { agent }, (answer) => {
        answer.resume();
        answer.on("end", () => {
          took.push(Number(process.hrtime.bigint() - started) / 1e6);
          resolve();
        });
      });
      sent.on("error", reject);
      sent.end();
    });
  const all = [];
  const started = Date.now();
  for (let i = 0; i < perSecond * seconds; i++) {
    await sleep(Math.max(0, started + (i * 1000) / perSecond - Date.now()));
    all.push(one());
  }
  await Promise.all(all);
  agent.destroy();
  took.sort((a, b) => a - b);
  return { p99: took[Math.floor(took.length * 0.99)], most: took.at(-1) };
}

// Runs in the crowd's process: `count` connections send `requests` at once and read nothing. Says
// "here" when all have sent, and ends when it is told to.
async function beCrowd(port, count, requests) {
  const line = "GET /api/activities/home?limit=100 HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(
    requests,
  );
  const sockets = [];
  for (let i = 0; i < count; i++) {
    const socket = connect({ port, host: "127.0.0.1", localAddress: `127.0.1.${1 + (i % 200)}` });
    socket.pause();
    socket.on("error", () => {});
    socket.write(line);
    sockets.push(socket);
    if (i % 100 === 99) await sleep(10);
  }
  process.stdout.write("here\n");
  await once(process.stdin, "data");
  process.exit(0);
}

async function measure(server, name, count, requests, calm) {
  const { port } = new URL(server.url);
  const before = { kernel: await kernelMegabytes(), own: await residentMegabytes(server.pid) };
  const crowd = spawn(process.execPath, [self, port, count, requests], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const reading = readSteadily(server.url, { seconds: 6 });
  await once(crowd.stdout, "data");
  const arrival = await reading;
  const kernel = await kernelMegabytes();
  const own = await residentMegabytes(server.pid);
  const steady = await readSteadily(server.url);
  crowd.stdin.write("end\n");
  await once(crowd, "exit");
  await sleep(6000);
  const ratio = round(steady.p99 / calm.p99);
  report("crowd", `${name}: timeline p99 beside them ÷ calm`, ratio, "≤ 2", ratio <= 2);
  const both = `${round(arrival.p99)}, ${round(arrival.most)} ms`;
  report("", "  p99 and slowest while they come", both, "");
  const each = round(((kernel - before.kernel) * 1000) / count, 0);
  report("", "  kernel memory for each, both ends", `${each} kB`, "≤ 512 kB", each <= 512);
  const after = round(await residentMegabytes(server.pid), 0);
  const sizes = `${round(before.own, 0)} → ${round(own, 0)} → ${after} MB`;
  report("", "  resident memory: before → with them → after", sizes, "");
}

export async function crowd() {
  const server = await startServer({ LOG_LEVEL: "error", MAX_CONNECTIONS: "9000" });
  try {
    const { token } = await makeAccount(server.url);
    for (let i = 0; i < 40; i++) {
      await fetch(`${server.url}/api/activities`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify({
          message: `Post ${i} of a usual length, about two lines`,
          ttl: "1-day",
        }),
      });
    }
    await readSteadily(server.url, { seconds: 1 });
    const calm = await readSteadily(server.url);
    report("", "timeline p99, calm", `${round(calm.p99)} ms`, "");
    await measure(server, "4,000 that ask and read nothing", 4000, 1, calm);
    await measure(server, "1,000 that ask 200 times and read nothing", 1000, 200, calm);
  } finally {
    await server.stop();
  }
}

if (process.argv[1] === self) {
  const [port, count, requests] = process.argv.slice(2).map(Number);
  await beCrowd(port, count, requests);
}
