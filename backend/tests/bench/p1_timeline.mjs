// P1: the signed-in home timeline of 20 posts, beside nginx serving the same bytes from a file.
import { median, report, round } from "./support/figures.mjs";
import { startNginx } from "./support/nginx.mjs";
import { makeAccount } from "./support/pool.mjs";
import { cpuMicroseconds, startServer } from "./support/server.mjs";
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

async function start(binary) {
  const server = await startServer({ LOG_LEVEL: "warning" }, { binary });
  const { token } = await makeAccount(server.url);
  const headers = { authorization: `Bearer ${token}` };
  await fill(server.url, headers.authorization);
  const url = `${server.url}/api/activities/home`;
  return {
    headers,
    bytes: await (await fetch(url, { headers })).text(),
    async turn(seconds) {
      const before = await cpuMicroseconds(server.pid);
      const { requests, perSecond } = await wrk(url, { seconds, headers });
      return {
        perSecond,
        cpu: ((await cpuMicroseconds(server.pid)) - before) / requests,
        bytes: this.bytes.length,
      };
    },
    stop: () => server.stop(),
  };
}

async function peer({ bytes, headers }) {
  const nginx = await startNginx(bytes);
  return { turn: (seconds) => wrk(nginx.url, { seconds, headers }), stop: () => nginx.stop() };
}

function print(turns) {
  const ratio = round(median(turns.map((each) => each.perSecond / each.peer.perSecond)));
  const what = `home timeline, signed in, ${turns[0].bytes} B: requests/s ÷ nginx`;
  report("P1", what, ratio, "≥ 1.0", ratio >= 1);
  const perSecond = Math.round(median(turns.map((each) => each.perSecond)));
  report("", "  requests/s (64 connections, load on the same machine)", perSecond, "");
  const cpu = round(median(turns.map((each) => each.cpu)), 1);
  report("", "  server CPU per request", `${cpu} µs`, "");
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
  },
};
