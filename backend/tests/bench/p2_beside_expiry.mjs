// P2, second figure: durable posts on SQLite while others expire as fast as posts come, beside the
// same load while nothing expires.
import { median, report, round } from "./support/figures.mjs";
import { makeAccount } from "./support/pool.mjs";
import { inDatabase, uuidAt } from "./support/rows.mjs";
import { metric, startServer } from "./support/server.mjs";
import { postScript, wrk } from "./support/wrk.mjs";

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const hour = 3_600_000;
const seconds = 4;
const fillMs = 2_000; // more than it takes to fill
const longestCatchUpMs = 30_000;

// One post for each at a steady pace from `from` on: `lives` past that moment it expires.
function addPosts(dataDir, count, perSecond, from, lives) {
  inDatabase(dataDir, (db) => {
    const user = db.prepare("SELECT uuid FROM users LIMIT 1").get().uuid;
    const insert = db.prepare(
      "INSERT INTO activities (uuid, user_uuid, message, created_at, expires_at) VALUES (?, ?, ?, ?, ?)",
    );
    for (let i = 0; i < count; i++) {
      const made = from - hour + Math.floor((i * 1000) / perSecond);
      insert.run(uuidAt(made), user, `benchmark post number ${i} #bench`, made, made + lives);
    }
  });
}

export async function postsBesideExpiry() {
  const server = await startServer({ LOG_LEVEL: "warning" });
  try {
    const tokens = [];
    for (let i = 0; i < 8; i++) tokens.push((await makeAccount(server.url)).token);
    const script = postScript(tokens);
    const load = async () => {
      const got = await wrk(server.url, { connections: 64, seconds, script });
      if (got.refused) throw new Error(`${got.refused} posts were refused`);
      return got;
    };
    const swept = () => metric(server.url, "cruddur_expired_posts_total");
    const pace = Math.round((await load()).perSecond);
    const count = pace * (seconds + 1);
    let expired = 0;

    // The same rows are added before both, so both find the same database.
    const turn = async (lives) => {
      const from = Date.now() + fillMs;
      addPosts(server.dataDir, count, pace, from, lives);
      await sleep(Math.max(0, from - Date.now()));
      const before = await swept();
      const got = await load();
      return { ...got, swept: ((await swept()) - before) / seconds };
    };
    const catchUp = async () => {
      expired += count;
      const began = Date.now();
      while ((await swept()) < expired) {
        if (Date.now() - began > longestCatchUpMs) throw new Error("the sweep does not catch up");
        await sleep(50);
      }
    };

    const ratios = [];
    const rates = [];
    const sweeps = [];
    const waits = [];
    for (let i = 0; i < 3; i++) {
      const calm = await turn(24 * hour);
      const expiring = await turn(hour);
      await catchUp();
      ratios.push(expiring.perSecond / calm.perSecond);
      waits.push(expiring.p99 / calm.p99);
      rates.push(expiring.perSecond);
      sweeps.push(expiring.swept);
    }
    const ratio = round(median(ratios));
    report(
      "P2",
      "durable posts while as many expire ÷ while none does",
      ratio,
      "≥ 0.5",
      ratio >= 0.5,
    );
    report("", "  posts/s while as many expire", Math.round(median(rates)), "");
    const share = round(median(sweeps) / pace);
    report("", `  swept meanwhile, of ${pace} that expire each second`, share, "");
    report("", "  p99 of a post ÷ while none expires", round(median(waits), 1), "");
  } finally {
    await server.stop();
  }
}
