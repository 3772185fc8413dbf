// P8: what a request costs with a thousand and with a million live posts.
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ownFolder } from "./support/endings.mjs";
import { median, report, round } from "./support/figures.mjs";
import { makeAccount } from "./support/pool.mjs";
import { fillSqlite, inDatabase, uuidAt } from "./support/rows.mjs";
import { cpuMicroseconds, startServer } from "./support/server.mjs";
import { postScript, wrk } from "./support/wrk.mjs";

const requests = {
  home: "home timeline",
  thread: "one post",
  user: "a user's posts",
  post: "a post",
};

// Live posts of the past.
async function fill(dataDir, count) {
  const user = inDatabase(dataDir, (db) => db.prepare("SELECT uuid FROM users LIMIT 1").get().uuid);
  const now = Date.now();
  const rows = function* () {
    for (let i = 0; i < count; i++) {
      const at = now - 86_400_000 + Math.floor((i * 80_000_000) / count);
      yield {
        uuid: uuidAt(at),
        user_uuid: user,
        message: `Post ${i} of many, with a #tag and about as long as people write them.`,
        created_at: at,
        expires_at: at + 20 * 86_400_000,
      };
    }
  };
  await fillSqlite(dataDir, rows());
}

// CPU of each request, in microseconds, and the milliseconds to the server's first answer; `author`
// is the handle of who wrote all the posts.
async function costs(binary, dataDir, author, seconds) {
  const server = await startServer({ LOG_LEVEL: "warning" }, { binary, dataDir });
  try {
    const { token } = await makeAccount(server.url);
    const headers = { authorization: `Bearer ${token}` };
    const cost = async (path, options) => {
      const before = await cpuMicroseconds(server.pid);
      const load = await wrk(`${server.url}${path}`, { connections: 16, seconds, ...options });
      if (load.refused) throw new Error(`${load.refused} requests were refused`);
      return ((await cpuMicroseconds(server.pid)) - before) / load.requests;
    };
    const first = await (await fetch(`${server.url}/api/activities/home?limit=100`)).json();
    const thread = `/api/activities/${first.data.at(-1).uuid}`;
    return {
      started: server.startedInMs,
      home: await cost("/api/activities/home", { headers }),
      thread: await cost(thread, { headers }),
      user: await cost(`/api/activities/@${author}`, { headers }),
      post: await cost("", { script: postScript([token]) }),
    };
  } finally {
    await server.stop();
  }
}

async function start(binary) {
  const folder = await mkdtemp(join(tmpdir(), "cruddur-bench-"));
  const stop = ownFolder(folder);
  const [small, large, copy] = ["small", "large", "copy"].map((name) => join(folder, name));
  const first = await startServer({}, { binary, dataDir: small });
  const { handle } = await makeAccount(first.url);
  await first.stop();
  await fill(small, 1_000);
  await cp(small, large, { recursive: true });
  await fill(large, 999_000);
  return {
    async turn(seconds) {
      // What is posted meanwhile would make a thousand many more.
      await cp(small, copy, { recursive: true });
      const few = await costs(binary, copy, handle, seconds);
      await rm(copy, { recursive: true });
      const many = await costs(binary, large, handle, seconds);
      const numbers = { started: many.started };
      for (const name of Object.keys(requests)) {
        numbers[`${name}Few`] = few[name];
        numbers[`${name}Many`] = many[name];
      }
      return numbers;
    },
    stop,
  };
}

function print(turns) {
  const of = (name) => median(turns.map((each) => each[name]));
  for (const [name, what] of Object.entries(requests)) {
    const ratio = round(median(turns.map((each) => each[`${name}Many`] / each[`${name}Few`])));
    const id = name === "home" ? "P8" : "";
    const line = `  CPU of ${what}, a million live posts ÷ a thousand`;
    report(id, line, ratio, "flat", ratio <= 1.3);
    const both = [`${name}Few`, `${name}Many`].map((each) => round(of(each), 0)).join(" → ");
    report("", "", `${both} µs`, "");
  }
  const started = round(of("started"), 0);
  const line = "  start to first answer with a million live posts";
  report("", line, `${started} ms`, "≤ 100 ms", started <= 100);
}

const figures = {
  started: { what: "start to first answer with a million live posts, ms", better: "less" },
};
for (const [name, what] of Object.entries(requests)) {
  figures[`${name}Few`] = { what: `CPU of ${what}, a thousand live posts, µs`, better: "less" };
  figures[`${name}Many`] = { what: `CPU of ${what}, a million live posts, µs`, better: "less" };
}

export const size = {
  id: "P8",
  what: "cost with a thousand and a million live posts",
  alone: { turns: 3, seconds: 2 },
  beside: { turns: 3, seconds: 1 },
  warmUp: false,
  start,
  print,
  figures,
};
