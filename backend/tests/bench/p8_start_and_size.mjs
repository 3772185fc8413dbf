// P8: cold start to the first answer, idle memory, and what a request costs with a thousand and with a million live posts.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median, report, round } from "./support/figures.mjs";
import { makeAccount } from "./support/pool.mjs";
import { inDatabase, uuidAt } from "./support/rows.mjs";
import { cpuMicroseconds, residentMegabytes, startServer } from "./support/server.mjs";
import { postScript, wrk } from "./support/wrk.mjs";

// Live posts of the past.
function fill(dataDir, count) {
  inDatabase(dataDir, (db) => {
    const user = db.prepare("SELECT uuid FROM users LIMIT 1").get().uuid;
    const insert = db.prepare(
      "INSERT INTO activities (uuid, user_uuid, message, created_at, expires_at) VALUES (?, ?, ?, ?, ?)",
    );
    const now = Date.now();
    for (let i = 0; i < count; i++) {
      const at = now - 86_400_000 + Math.floor((i * 80_000_000) / count);
      insert.run(
        uuidAt(at),
        user,
        `Post ${i} of many, with a #tag and about as long as people write them.`,
        at,
        at + 20 * 86_400_000,
      );
    }
  });
}

async function costs(dataDir) {
  const server = await startServer({ LOG_LEVEL: "warning" }, dataDir);
  try {
    const { token, handle } = await makeAccount(server.url);
    const headers = { authorization: `Bearer ${token}` };
    const cost = async (path, options) => {
      const before = await cpuMicroseconds(server.pid);
      const load = await wrk(`${server.url}${path}`, { connections: 16, seconds: 3, ...options });
      if (load.refused) throw new Error(`${load.refused} requests were refused`);
      return ((await cpuMicroseconds(server.pid)) - before) / load.requests;
    };
    const first = await (await fetch(`${server.url}/api/activities/home?limit=100`)).json();
    const thread = `/api/activities/${first.data.at(-1).uuid}`;
    return {
      startedInMs: server.startedInMs,
      home: await cost("/api/activities/home", { headers }),
      thread: await cost(thread, { headers }),
      user: await cost(`/api/activities/@${handle}`, { headers }),
      post: await cost("", { script: postScript([token]) }),
    };
  } finally {
    await server.stop();
  }
}

export async function startAndSize() {
  const starts = [];
  let idle = 0;
  for (let turn = 0; turn < 5; turn++) {
    const server = await startServer({ LOG_LEVEL: "warning" });
    starts.push(server.startedInMs);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    idle = await residentMegabytes(server.pid);
    await server.stop();
  }
  const folder = await mkdtemp(join(tmpdir(), "cruddur-bench-"));
  try {
    const first = await startServer({}, folder);
    await makeAccount(first.url);
    await first.stop();
    const again = [];
    for (let turn = 0; turn < 5; turn++) {
      const server = await startServer({ LOG_LEVEL: "warning" }, folder);
      again.push(server.startedInMs);
      await server.stop();
    }
    const cold = round(median(again), 0);
    report("P8", "start to first answer", `${cold} ms`, "≤ 100 ms", cold <= 100);
    report(
      "",
      "  the very first start (makes database and signing key)",
      `${round(median(starts), 0)} ms`,
      "",
    );
    report("", "  resident memory, idle", `${round(idle, 1)} MiB`, "≤ 64 MiB", idle <= 64);

    fill(folder, 1_000);
    const small = await costs(folder);
    fill(folder, 999_000);
    const large = await costs(folder);
    for (const [name, what] of [
      ["home", "home timeline"],
      ["thread", "one post"],
      ["user", "a user's posts"],
      ["post", "a post"],
    ]) {
      const ratio = round(large[name] / small[name]);
      report(
        name === "home" ? "P8" : "",
        `  CPU of ${what}, a million live posts ÷ a thousand`,
        ratio,
        "flat",
        ratio <= 1.3,
      );
      report("", "", `${round(small[name], 0)} → ${round(large[name], 0)} µs`, "");
    }
    report(
      "",
      "  start to first answer with a million live posts",
      `${round(large.startedInMs, 0)} ms`,
      "≤ 100 ms",
      large.startedInMs <= 100,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
