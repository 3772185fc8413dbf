// P2: durable posts on SQLite with 64 writers, beside one writer, who gets one commit for each post.
import { median, report, round } from "./support/figures.mjs";
import { makeAccount } from "./support/pool.mjs";
import { metric, startServer } from "./support/server.mjs";
import { postScript, wrk } from "./support/wrk.mjs";

async function start(binary) {
  const server = await startServer({ LOG_LEVEL: "warning" }, { binary });
  const tokens = [];
  for (let i = 0; i < 8; i++) tokens.push((await makeAccount(server.url)).token);
  const script = postScript(tokens);
  const counts = () =>
    Promise.all(
      ["commits", "writes"].map((what) => metric(server.url, `cruddur_database_${what}_total`)),
    );
  const measure = async (connections, seconds) => {
    const before = await counts();
    const load = await wrk(server.url, { connections, seconds, script });
    const after = await counts();
    if (load.refused) throw new Error(`${load.refused} posts were refused`);
    const commits = after[0] - before[0];
    return {
      ...load,
      perCommit: (after[1] - before[1]) / commits,
      commitMicroseconds: (seconds * 1e6) / commits,
    };
  };
  return {
    async turn(seconds) {
      const alone = await measure(1, seconds);
      const many = await measure(64, seconds);
      return {
        perSecond: many.perSecond,
        perCommit: many.perCommit,
        p99: many.p99 / 1000,
        p99InCommits: many.p99 / many.commitMicroseconds,
        alonePerSecond: alone.perSecond,
      };
    },
    stop: () => server.stop(),
  };
}

function print(turns) {
  const of = (name) => median(turns.map((each) => each[name]));
  const perCommit = round(of("perCommit"), 1);
  const wait = round(of("p99InCommits"));
  const what = "durable posts, 64 writers: acknowledged per fsync";
  report("P2", what, perCommit, "≥ 30", perCommit >= 30);
  report("", "  p99 of a post, in commits (each one fsync)", wait, "≤ 3", wait <= 3);
  report("", "  posts/s", Math.round(of("perSecond")), "");
  const speedup = median(turns.map((each) => each.perSecond / each.alonePerSecond));
  report("", "  posts/s ÷ one writer (one commit a post)", round(speedup, 1), "");
}

export const durablePosts = {
  id: "P2",
  what: "durable posts on SQLite",
  alone: { turns: 3, seconds: 4 },
  beside: { turns: 5, seconds: 3 },
  start,
  print,
  figures: {
    perSecond: { what: "posts/s, 64 writers", better: "more" },
    perCommit: { what: "acknowledged per fsync", better: "more" },
    p99: { what: "p99 of a post, ms", better: "less" },
    p99InCommits: { what: "p99 of a post, in commits", better: "less" },
    alonePerSecond: { what: "posts/s, one writer", better: "more" },
  },
};
