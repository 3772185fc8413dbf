// P2: durable posts on SQLite with 64 writers, beside one writer, who gets one commit for each post.
import { median, report, round } from "./support/figures.mjs";
import { makeAccount } from "./support/pool.mjs";
import { metric, startServer } from "./support/server.mjs";
import { postScript, wrk } from "./support/wrk.mjs";

export async function durablePosts() {
  const server = await startServer({ LOG_LEVEL: "warning" });
  try {
    const tokens = [];
    for (let i = 0; i < 8; i++) tokens.push((await makeAccount(server.url)).token);
    const script = postScript(tokens);
    const measure = async (connections) => {
      const before = await Promise.all([
        metric(server.url, "cruddur_database_commits_total"),
        metric(server.url, "cruddur_database_writes_total"),
      ]);
      const load = await wrk(server.url, { connections, seconds: 4, script });
      const after = await Promise.all([
        metric(server.url, "cruddur_database_commits_total"),
        metric(server.url, "cruddur_database_writes_total"),
      ]);
      if (load.refused) throw new Error(`${load.refused} posts were refused`);
      const commits = after[0] - before[0];
      return {
        ...load,
        perCommit: (after[1] - before[1]) / commits,
        commitMicroseconds: 4e6 / commits,
      };
    };
    const grouped = [];
    const p99 = [];
    const rates = [];
    const speedups = [];
    for (let turn = 0; turn < 3; turn++) {
      const alone = await measure(1);
      const many = await measure(64);
      grouped.push(many.perCommit);
      p99.push(many.p99 / many.commitMicroseconds);
      rates.push(many.perSecond);
      speedups.push(many.perSecond / alone.perSecond);
    }
    const perCommit = round(median(grouped), 1);
    const wait = round(median(p99));
    report(
      "P2",
      "durable posts, 64 writers: acknowledged per fsync",
      perCommit,
      "≥ 30",
      perCommit >= 30,
    );
    report("", "  p99 of a post, in commits (each one fsync)", wait, "≤ 3", wait <= 3);
    report("", "  posts/s", Math.round(median(rates)), "");
    report("", "  posts/s ÷ one writer (one commit a post)", round(median(speedups), 1), "");
  } finally {
    await server.stop();
  }
}
