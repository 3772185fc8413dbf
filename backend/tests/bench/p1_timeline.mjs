// P1: the signed-in home timeline of 20 posts, beside nginx serving the same bytes from a file and
// beside a plain server of Boost.Beast; and a page of the client beside such a server.
import { median, report, round } from "./support/figures.mjs";
import { startNginx } from "./support/nginx.mjs";
import { makeAccount } from "./support/pool.mjs";
import { cpuMicroseconds, startServer } from "./support/server.mjs";
import { startStockBeast } from "./support/stock_beast.mjs";
import { wrk } from "./support/wrk.mjs";

async function fill(url, authorization) {
  for (let i = 0; i < 30; i++) {
    const message = `Post ${i}: a text of the length that people write, with a #tag and a @mention, in about two lines.`;
    const posted = await fetch(`${url}/api/activities`, {
      method: "POST",
      headers: { authorization, "content-type": "application/json" },
      body: JSON.stringify({ message, ttl: "1-day" }),
    });
    const { uuid } = await posted.json();
    if (i % 3 === 0)
      await fetch(`${url}/api/activities/${uuid}/like`, {
        method: "PUT",
        headers: { authorization },
      });
  }
}

// The server's processor time for a request is in microseconds.
async function load(url, seconds, { headers, pid } = {}) {
  const before = pid ? await cpuMicroseconds(pid) : 0;
  const { requests, perSecond } = await wrk(url, { seconds, headers });
  return { perSecond, cpu: pid ? ((await cpuMicroseconds(pid)) - before) / requests : undefined };
}

async function start(binary) {
  const server = await startServer({ LOG_LEVEL: "warning" }, { binary });
  const { token } = await makeAccount(server.url);
  const headers = { authorization: `Bearer ${token}` };
  await fill(server.url, headers.authorization);
  const url = `${server.url}/api/activities/home`;
  const page = `${server.url}/`;
  const { pid } = server;
  return {
    headers,
    bytes: await (await fetch(url, { headers })).text(),
    page: await (await fetch(page, { headers: { "accept-encoding": "identity" } })).text(),
    async turn(seconds) {
      const timeline = await load(url, seconds, { headers, pid });
      const file = await load(page, seconds, { pid });
      return { ...timeline, filePerSecond: file.perSecond, fileCpu: file.cpu };
    },
    stop: () => server.stop(),
  };
}

// nginx and Beast answer the timeline's request with the timeline's bytes, which they needn't make;
// for the client's page they do what the server does.
async function peer({ bytes, page, headers }) {
  const nginx = await startNginx(bytes);
  const beast = await startStockBeast(bytes);
  const beastFile = await startStockBeast(page);
  return {
    async turn(seconds) {
      return {
        nginx: await load(nginx.url, seconds, { headers }),
        beast: await load(beast.url, seconds, { headers, pid: beast.pid }),
        beastFile: await load(beastFile.url, seconds, { pid: beastFile.pid }),
      };
    },
    async stop() {
      for (const each of [nginx, beast, beastFile]) await each.stop();
    },
  };
}

function print(turns, { bytes, page }) {
  const middle = (figure) => round(median(turns.map(figure)));
  const toNginx = middle(({ perSecond, peer }) => perSecond / peer.nginx.perSecond);
  const what = `home timeline, signed in, ${bytes.length} B: requests/s ÷ nginx`;
  report("P1", what, toNginx, "≥ 1.0", toNginx >= 1);
  const toBeast = middle(({ perSecond, peer }) => perSecond / peer.beast.perSecond);
  report("", "  requests/s ÷ stock Beast sending the same bytes", toBeast, "> 1", toBeast > 1);
  const cpuToBeast = middle(({ cpu, peer }) => cpu / peer.beast.cpu);
  report("", "  server CPU ÷ stock Beast's", cpuToBeast, "< 1", cpuToBeast < 1);
  const perSecond = Math.round(median(turns.map((each) => each.perSecond)));
  report("", "  requests/s (64 connections, load on the same machine)", perSecond, "");
  report("", "  server CPU per request", `${middle(({ cpu }) => cpu)} µs`, "");
  const file = middle(({ filePerSecond, peer }) => filePerSecond / peer.beastFile.perSecond);
  report("", `a page of ${page.length} B: requests/s ÷ stock Beast`, file, "> 1", file > 1);
  const fileCpu = middle(({ fileCpu, peer }) => fileCpu / peer.beastFile.cpu);
  report("", "  server CPU ÷ stock Beast's", fileCpu, "< 1", fileCpu < 1);
  const ourCpu = middle(({ fileCpu }) => fileCpu);
  const beastCpu = middle(({ peer }) => peer.beastFile.cpu);
  report("", "  server CPU per request, ours and stock Beast's", `${ourCpu}, ${beastCpu} µs`, "");
}

export const timeline = {
  id: "P1",
  what: "home timeline, signed in",
  alone: { turns: 5, seconds: 3 },
  beside: { turns: 6, seconds: 3 },
  start,
  peer,
  print,
  figures: {
    perSecond: { what: "requests/s", better: "more" },
    cpu: { what: "server CPU per request, µs", better: "less" },
    filePerSecond: { what: "the client's page: requests/s", better: "more" },
    fileCpu: { what: "the client's page: server CPU per request, µs", better: "less" },
  },
};
