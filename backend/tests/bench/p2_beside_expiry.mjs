// P2, second figure: durable posts on SQLite while others expire as fast as posts come, beside the
// same load while nothing expires.
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ownFolder } from "./support/endings.mjs";
import { median, report, round } from "./support/figures.mjs";
import { makeAccount } from "./support/pool.mjs";
import { fillSqlite, inDatabase, uuidAt } from "./support/rows.mjs";
import { lastingUrl, metric, startServer } from "./support/server.mjs";
import { postScript, wrk } from "./support/wrk.mjs";

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const hour = 3_600_000;
const fillMs = 8_000; // more than it takes to fill and to start
const longestCatchUpMs = 30_000;

// One post for each at a steady pace from `from` on: `lives` past that moment it expires.
async function addPosts(dataDir, count, perSecond, from, lives) {
  const user = inDatabase(dataDir, (db) => db.prepare("SELECT uuid FROM users LIMIT 1").get().uuid);
  const rows = Array.from({ length: count }, (_, i) => {
    const made = from - hour + Math.floor((i * 1000) / perSecond);
    return {
      uuid: uuidAt(made),
      user_uuid: user,
      message: `benchmark post number ${i} #bench`,
      created_at: made,
      expires_at: made + lives,
    };
  });
  await fillSqlite(dataDir, rows);
}

async function start(binary) {
  const dataDir = await mkdtemp(join(tmpdir(), "cruddur-bench-"));
  const removeFolder = ownFolder(dataDir);
  const begin = () => startServer({ LOG_LEVEL: "warning", ...lastingUrl }, { binary, dataDir });
  let server = await begin();
  const tokens = [];
  for (let i = 0; i < 8; i++) tokens.push((await makeAccount(server.url)).token);
  const script = postScript(tokens);
  const load = async (seconds) => {
    const got = await wrk(server.url, { connections: 64, seconds, script });
    if (got.refused) throw new Error(`${got.refused} posts were refused`);
    return got;
  };
  const swept = () => metric(server.url, "cruddur_expired_posts_total");
  const pace = Math.round((await load(3)).perSecond);
  // The same rows are added before both, so both find the same database. Counters begin anew with the server.
  const one = async (lives, seconds) => {
    const from = Date.now() + fillMs;
    await server.stop();
    await addPosts(dataDir, pace * (seconds + 1), pace, from, lives);
    server = await begin();
    if (Date.now() > from) throw new Error("filling took too long");
    await sleep(from - Date.now());
    const before = await swept();
    const got = await load(seconds);
    return { ...got, swept: ((await swept()) - before) / seconds };
  };
  const catchUp = async (expired) => {
    const began = Date.now();
    while ((await swept()) < expired) {
      if (Date.now() - began > longestCatchUpMs) throw new Error("the sweep does not catch up");
      await sleep(50);
    }
  };
  return {
    async turn(seconds) {
      const calm = await one(24 * hour, seconds);
      const expiring = await one(hour, seconds);
      await catchUp(pace * (seconds + 1));
      return {
        perSecond: expiring.perSecond,
        ratio: expiring.perSecond / calm.perSecond,
        p99: expiring.p99 / 1000,
        wait: expiring.p99 / calm.p99,
        swept: expiring.swept,
        share: Math.min(1, expiring.swept / expiring.perSecond),
      };
    },
    async stop() {
      await server.stop();
      await removeFolder();
    },
  };
}

function print(turns) {
  const of = (name) => median(turns.map((each) => each[name]));
  const ratio = round(of("ratio"));
  const what = "durable posts while as many expire ÷ while none does";
  report("P2", what, ratio, "≥ 0.5", ratio >= 0.5);
  report("", "  posts/s while as many expire", Math.round(of("perSecond")), "");
  report("", "  swept meanwhile ÷ what comes, no more than 1", round(of("share")), "");
  report("", "  p99 of a post ÷ while none expires", round(of("wait"), 1), "");
}

export const postsBesideExpiry = {
  id: "P2",
  what: "durable posts on SQLite while as many expire",
  alone: { turns: 3, seconds: 4 },
  beside: { turns: 3, seconds: 2 },
  warmUp: false,
  start,
  print,
  figures: {
    perSecond: { what: "posts/s", better: "more" },
    ratio: { what: "posts/s ÷ while none expires", better: "more" },
    p99: { what: "p99 of a post, ms", better: "less" },
    swept: { what: "swept each second", better: "more" },
    share: { what: "swept ÷ what comes, no more than 1", better: "more" },
  },
};
