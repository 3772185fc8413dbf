// P5: posts on PostgreSQL over HTTP, beside pgbench running the same statements.
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median, report, round } from "./support/figures.mjs";
import { makeAccount } from "./support/pool.mjs";
import { startPostgres } from "./support/postgres.mjs";
import { startServer } from "./support/server.mjs";
import { postScript, wrk } from "./support/wrk.mjs";

// What a post runs (backend/src/adapters/sql/activity_store.cpp, create_post), as one transaction.
function statements(users) {
  const ids = users.map((id) => `'${id}'`).join(",");
  return `\\set who random(1, ${users.length})
\\set now 1800000000000
BEGIN;
INSERT INTO activities (uuid, user_uuid, message, created_at, expires_at, client_token) SELECT gen_random_uuid(), u.uuid, 'benchmark post number #bench', :now::bigint, :now::bigint + 86400000, NULL FROM users u WHERE u.uuid = ((ARRAY[${ids}]::uuid[])[:who::int]) ON CONFLICT DO NOTHING RETURNING uuid AS id \\gset
SELECT a.uuid, a.user_uuid, u.handle, u.display_name, a.message, a.created_at, a.expires_at, a.reply_to_uuid, a.root_uuid, a.likes_count, a.replies_count, a.revision, CASE WHEN EXISTS (SELECT 1 FROM likes l WHERE l.activity_uuid = a.uuid AND l.user_uuid = ((ARRAY[${ids}]::uuid[])[:who::int])) THEN 1 ELSE 0 END FROM activities a LEFT JOIN users u ON u.uuid = a.user_uuid WHERE a.uuid = :id::uuid LIMIT 1;
COMMIT;
`;
}

export async function postgresPosts() {
  const postgres = await startPostgres();
  const folder = await mkdtemp(join(tmpdir(), "cruddur-pgbench-"));
  let server;
  try {
    server = await startServer({
      LOG_LEVEL: "warning",
      DATABASE_URL: postgres.url,
      DATABASE_CONNECTIONS: "8",
    });
    const tokens = [];
    for (let i = 0; i < 8; i++) tokens.push((await makeAccount(server.url)).token);
    const users = (await postgres.query("SELECT uuid FROM users")).split("\n");
    const file = join(folder, "post.sql");
    await writeFile(file, statements(users));
    await chmod(folder, 0o755);
    const script = postScript(tokens);
    await wrk(server.url, { connections: 64, seconds: 1, script });
    const ratios = [];
    const rates = [];
    for (let turn = 0; turn < 3; turn++) {
      const mine = await wrk(server.url, { connections: 64, seconds: 4, script });
      if (mine.refused) throw new Error(`${mine.refused} posts were refused`);
      const printed = await postgres.pgbench([
        "-c",
        "16",
        "-j",
        "2",
        "-T",
        "4",
        "-M",
        "prepared",
        "-f",
        file,
      ]);
      const theirs = Number(/tps = ([\d.]+)/.exec(printed)[1]);
      rates.push(mine.perSecond);
      ratios.push(mine.perSecond / theirs);
    }
    const ratio = round(median(ratios));
    report(
      "P5",
      "posts on PostgreSQL: posts/s ÷ pgbench, same statements",
      ratio,
      "≥ 0.7",
      ratio >= 0.7,
    );
    report("", "  posts/s", Math.round(median(rates)), "");
  } finally {
    await server?.stop();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
