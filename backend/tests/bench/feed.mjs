// Feed: what the home feed keeps in memory when it is full: of the posts that take most room, and
// of as many readers and likes as it holds; then of more readers than that.
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ownFolder } from "./support/endings.mjs";
import { report, round } from "./support/figures.mjs";
import { accountId, startIssuer } from "./support/issuer.mjs";
import { fillPeople, fillSqlite, inDatabase, uuidAt } from "./support/rows.mjs";
import { metric, residentMegabytes, startServer } from "./support/server.mjs";

const posts = 1_000;
const readers = 4_000; // as many as are held
const more = 1_000;
const likesEach = 125; // 500,000 in all
const liked = 800; // the newest, all of which are held
const atOnce = 8;
const mebibyte = 1024 * 1024;
// A tag stands in the text and again in the list of its entities. Each of these letters is one
// character to who counts them, and 44 bytes.
const letter = `\u{10a00}${"\u{10a01}".repeat(10)}`;
const text = `#${letter.repeat(4)} `.repeat(45).trim();

async function fill(dataDir) {
  const now = Date.now();
  const users = Array.from({ length: readers + more }, () => uuidAt(now));
  await fillPeople(
    dataDir,
    users.map((uuid, i) => ({
      uuid,
      identity_id: accountId(i).bytes,
      handle: `reader_${i}`,
      display_name: `Reader ${i}`,
      created_at: now,
    })),
  );
  const made = Array.from({ length: posts }, (_, i) => ({
    uuid: uuidAt(now - posts + i),
    user_uuid: users[i],
    message: text,
    created_at: now - posts + i,
    expires_at: now - posts + i + 86_400_000,
  }));
  await fillSqlite(dataDir, made);
  inDatabase(dataDir, (db) => {
    const add = db.prepare(
      "INSERT INTO likes (activity_uuid, user_uuid, created_at) VALUES (?, ?, ?)",
    );
    const newest = made.slice(-liked);
    // Counted at once, which is much faster than one by one.
    const trigger = db.prepare("SELECT sql FROM sqlite_master WHERE name = 'likes_counted'").get();
    db.exec("DROP TRIGGER likes_counted");
    for (const [i, user] of users.entries()) {
      for (let k = 0; k < likesEach; k++) add.run(newest[(i * 7 + k * 6) % liked].uuid, user, now);
    }
    db.exec(trigger.sql);
    db.exec(
      "UPDATE activities SET likes_count = (SELECT count(*) FROM likes WHERE activity_uuid = uuid)",
    );
  });
}

async function readAs(url, tokens, limit) {
  const left = [...tokens];
  const one = async () => {
    for (let token = left.pop(); token; token = left.pop()) {
      const headers = { authorization: `Bearer ${token}` };
      const answer = await fetch(`${url}/api/activities/home?limit=${limit}`, { headers });
      if (!answer.ok) throw new Error(await answer.text());
      await answer.arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
}

async function look(server) {
  const names = ["posts", "viewers", "marks", "bytes"];
  const values = await Promise.all(
    names.map((name) => metric(server.url, `cruddur_home_feed_${name}`)),
  );
  const found = Object.fromEntries(names.map((name, i) => [name, values[i]]));
  return {
    ...found,
    mebibytes: found.bytes / mebibyte,
    resident: await residentMegabytes(server.pid),
  };
}

// Somebody may post that.
async function post(server, token) {
  const answer = await fetch(`${server.url}/api/activities`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ message: text, ttl: "1-hour" }),
  });
  if (answer.status !== 201) throw new Error(await answer.text());
}

async function measure(server, tokens) {
  const loaded = async () => (await metric(server.url, "cruddur_home_feed_loaded")) === 1;
  while (!(await loaded())) await new Promise((resolve) => setTimeout(resolve, 50));
  await post(server, tokens[0]);
  // All threads, connections and buffers have been used once, and both kinds of page are kept.
  for (const limit of [2, 20]) await readAs(server.url, Array(50).fill(tokens[0]), limit);
  const before = await look(server);
  await readAs(server.url, tokens.slice(0, readers), 2);
  // The usual page with likes of theirs, until no more of those are kept.
  await readAs(server.url, tokens.slice(0, 100), 20);
  const full = await look(server);
  await readAs(server.url, tokens.slice(readers), 2);
  const later = await look(server);

  const held = `${full.posts} posts, ${full.viewers} readers, ${full.marks} likes`;
  const isFull =
    full.posts < posts && full.viewers === readers && full.marks >= 0.9 * readers * likesEach;
  report("Feed", `memory when it is full, by its own count: ${held}`, "", "full", isFull);
  const sizes = [before, full, later];
  const own = sizes.map(({ mebibytes }) => round(mebibytes, 1)).join(" → ");
  const kept = later.viewers <= readers && later.mebibytes <= full.mebibytes * 1.05;
  report("", "  posts → all readers → 1,000 more", `${own} MiB`, "bounded", kept);
  const all = sizes.map(({ resident }) => round(resident, 0)).join(" → ");
  const back = later.resident <= full.resident + 4;
  report("", "  resident memory of the server the while", `${all} MiB`, "bounded", back);
  const each = ({ a, b }) => round(((b - a) * 1024) / readers, 1);
  const counted = each({ a: before.mebibytes, b: full.mebibytes });
  const grown = each({ a: before.resident, b: full.resident });
  report("", "  for each reader, by its count", `${counted} KiB`, "");
  report(
    "",
    "  for each reader, resident, with the token",
    `${grown} KiB`,
    "≤ 12 KiB",
    grown <= 12,
  );
}

export async function feed() {
  const folder = await mkdtemp(join(tmpdir(), "cruddur-bench-"));
  const removeFolder = ownFolder(folder);
  const issuer = await startIssuer();
  const settings = { ...issuer.settings, LOG_LEVEL: "error" };
  let server;
  try {
    await (await startServer(settings, { dataDir: folder })).stop();
    await fill(folder);
    const tokens = [];
    for (let i = 0; i < readers + more; i++) tokens.push(issuer.token(accountId(i).text));
    server = await startServer(settings, { dataDir: folder });
    await measure(server, tokens);
  } finally {
    await server?.stop();
    issuer.stop();
    await removeFolder();
  }
}
