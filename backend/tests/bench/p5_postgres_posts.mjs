// P5: posts on PostgreSQL over HTTP, beside pgbench running the statements that the server runs.
import { median, report, round } from "./support/figures.mjs";
import { makeAccount } from "./support/pool.mjs";
import {
  checkSameStatements,
  logSettings,
  pgbenchScripts,
  postedStatements,
} from "./support/posted_statements.mjs";
import { startPostgres } from "./support/postgres.mjs";
import { startServer } from "./support/server.mjs";
import { postScript, wrk } from "./support/wrk.mjs";

const settingsFor = (postgres) => ({
  LOG_LEVEL: "warning",
  DATABASE_URL: postgres.url,
});

async function start(binary) {
  const postgres = await startPostgres(logSettings);
  const server = await startServer(settingsFor(postgres), { binary });
  const tokens = [];
  for (let i = 0; i < 8; i++) tokens.push((await makeAccount(server.url)).token);
  const script = postScript(tokens);
  return {
    postgres,
    server,
    async turn(seconds) {
      const load = await wrk(server.url, { connections: 64, seconds, script });
      if (load.refused) throw new Error(`${load.refused} posts were refused`);
      return { perSecond: load.perSecond, p99: load.p99 / 1000 };
    },
    async stop() {
      await server.stop();
      await postgres.stop();
    },
  };
}

// pgbench has 16 sessions, where the server has two for each event loop: it commits more at once that way.
async function peer({ postgres, server }) {
  const again = () => startServer(settingsFor(postgres), { dataDir: server.dataDir });
  const posted = await postedStatements(postgres, again);
  const users = (await postgres.query("SELECT uuid FROM users")).split("\n");
  const scripts = await pgbenchScripts(posted, users);
  await checkSameStatements(postgres, posted, scripts);
  return {
    async turn(seconds) {
      const load = ["-c", "16", "-j", "2", "-T", String(seconds), ...scripts.args()];
      return { perSecond: Number(/tps = ([\d.]+)/.exec(await postgres.pgbench(load))[1]) };
    },
    stop: () => scripts.stop(),
  };
}

function print(turns) {
  const ratio = round(median(turns.map((each) => each.perSecond / each.peer.perSecond)));
  const what = "posts on PostgreSQL: posts/s ÷ pgbench, same statements";
  report("P5", what, ratio, "≥ 0.7", ratio >= 0.7);
  report("", "  posts/s", Math.round(median(turns.map((each) => each.perSecond))), "");
}

export const postgresPosts = {
  id: "P5",
  what: "posts on PostgreSQL",
  alone: { turns: 3, seconds: 4 },
  beside: { turns: 6, seconds: 3 },
  start,
  peer,
  print,
  figures: {
    perSecond: { what: "posts/s", better: "more" },
    p99: { what: "p99 of a post, ms", better: "less" },
  },
};
