// P9: what others wrote can't slow a reader: a thread, a reply in it and a person's posts with
// 50,000 replies beside the same with 50, on both engines.
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ownFolder } from "./support/endings.mjs";
import { median, report, round } from "./support/figures.mjs";
import { makeAccount } from "./support/pool.mjs";
import { startPostgres } from "./support/postgres.mjs";
import { fillPostgres, fillSqlite, uuidAt } from "./support/rows.mjs";
import { lastingUrl, startServer } from "./support/server.mjs";
import { wrk } from "./support/wrk.mjs";

const few = 50;
const many = 50_000;
const day = 86_400_000;

const hex = (uuid) => Buffer.from(uuid.replaceAll("-", ""), "hex");

function* repliesOf({ author, parent, root, count }) {
  const now = Date.now();
  for (let i = 0; i < count; i++) {
    yield {
      uuid: uuidAt(now),
      user_uuid: hex(author),
      message: `Reply ${i} of many, about as long as people write them.`,
      created_at: now,
      expires_at: now + day,
      reply_to_uuid: hex(parent),
      root_uuid: hex(root),
    };
  }
}

async function addRepliesToSqlite(dataDir, all) {
  await fillSqlite(
    dataDir,
    all.flatMap((each) => [...repliesOf(each)]),
  );
}

// Counted at once: one by one each would leave a dead version of the parent's row behind.
async function addRepliesToPostgres(postgres, dataDir, all) {
  await postgres.query("ALTER TABLE activities DISABLE TRIGGER USER");
  await ((await isSealed(postgres))
    ? fillPostgres(
        dataDir,
        postgres.url,
        all.flatMap((each) => [...repliesOf(each)]),
      )
    : addClearReplies(postgres, all));
  for (const { parent, count } of all)
    await postgres.query(
      `UPDATE activities SET replies_count = replies_count + ${count} WHERE uuid = '${parent}'`,
    );
  await postgres.query("ALTER TABLE activities ENABLE TRIGGER USER");
}

async function hasColumn(postgres, name) {
  const found = await postgres.query(
    `SELECT 1 FROM information_schema.columns WHERE table_name = 'activities' AND column_name = '${name}'`,
  );
  return found !== "";
}

const isSealed = async (postgres) => !(await hasColumn(postgres, "message"));

// As an earlier release stores them.
async function addClearReplies(postgres, all) {
  const now = Date.now();
  const time = now.toString(16).padStart(12, "0");
  const known = await hasColumn(postgres, "lifetime_class");
  const [columns, values] = known ? [", entities, lifetime_class", ", '[]', -1"] : ["", ""];
  for (const { author, parent, root, count } of all)
    await postgres.query(
      `INSERT INTO activities (uuid, user_uuid, message, created_at, expires_at, reply_to_uuid, root_uuid${columns})
       SELECT CAST('${time}70008' || substr(md5('${parent}' || i), 1, 15) AS uuid), '${author}',
         'Reply ' || i || ' of many, about as long as people write them.', ${now}, ${now + day}, '${parent}', '${root}'${values}
       FROM generate_series(1, ${count}) AS i`,
    );
}

async function send(url, path, token, json) {
  const answer = await fetch(url + path, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(json),
  });
  if (answer.status !== 201) throw new Error(await answer.text());
  return answer.json();
}

// One person with posts, one of them answered `count` times, a reply to another as often, all by the
// same other person. Gives what there is to read.
async function addPeople(url, count) {
  const [asks, answers] = [await makeAccount(url), await makeAccount(url)];
  const post = (token, message) => send(url, "/api/activities", token, { message, ttl: "1-day" });
  for (let i = 0; i < 20; i++) await post(answers.token, `Post ${i} of somebody who answers a lot`);
  const first = await post(asks.token, "Answered by many");
  const second = await post(asks.token, "Answered once");
  const reply = await send(url, `/api/activities/${second.uuid}/reply`, answers.token, {
    message: "The one that is answered by many",
  });
  const author = reply.author?.uuid ?? reply.user_uuid; // earlier releases have it flat
  return {
    replies: [
      { author, parent: first.uuid, root: first.uuid, count },
      { author, parent: reply.uuid, root: second.uuid, count },
    ],
    thread: `/api/activities/${first.uuid}`,
    reply: `/api/activities/${second.uuid}`,
    person: `/api/activities/@${answers.handle}`,
  };
}

const lists = {
  thread: "thread, its post",
  reply: "thread, a reply in it",
  person: "a person's posts",
};

// The server is stopped while its database is filled.
async function fillAndMeasure(begin, addReplies) {
  const first = await begin();
  const { token } = await makeAccount(first.url);
  const headers = { authorization: `Bearer ${token}` };
  const little = await addPeople(first.url, few);
  const much = await addPeople(first.url, many);
  await first.stop();
  await addReplies([...little.replies, ...much.replies]);
  const server = await begin();
  // Microseconds from one answer to the next.
  const time = async (path, seconds) => {
    const load = await wrk(server.url + path, { connections: 16, seconds, headers });
    if (load.refused) throw new Error(`${load.refused} requests were refused`);
    return 1e6 / load.perSecond;
  };
  const turn = async (seconds) => {
    const numbers = {};
    await time(little.thread, 1); // what rested meanwhile is slow at first
    for (const name of Object.keys(lists)) {
      numbers[`${name}Few`] = await time(little[name], seconds);
      numbers[`${name}Many`] = await time(much[name], seconds);
    }
    return numbers;
  };
  return { turn, stop: () => server.stop() };
}

async function startOnSqlite(binary) {
  const dataDir = await mkdtemp(join(tmpdir(), "cruddur-bench-"));
  const removeFolder = ownFolder(dataDir);
  const begin = () => startServer({ LOG_LEVEL: "warning", ...lastingUrl }, { binary, dataDir });
  const { turn, stop } = await fillAndMeasure(begin, (all) => addRepliesToSqlite(dataDir, all));
  return {
    turn,
    async stop() {
      await stop();
      await removeFolder();
    },
  };
}

async function startOnPostgres(binary) {
  const postgres = await startPostgres();
  const dataDir = await mkdtemp(join(tmpdir(), "cruddur-bench-"));
  const removeFolder = ownFolder(dataDir);
  const settings = { LOG_LEVEL: "warning", DATABASE_URL: postgres.url, ...lastingUrl };
  const begin = () => startServer(settings, { binary, dataDir });
  const { turn, stop } = await fillAndMeasure(begin, (all) =>
    addRepliesToPostgres(postgres, dataDir, all),
  );
  return {
    turn,
    async stop() {
      await stop();
      await postgres.stop();
      await removeFolder();
    },
  };
}

function measurement(engine, start) {
  const figures = {};
  for (const [name, what] of Object.entries(lists)) {
    figures[`${name}Few`] = { what: `${what}, 50 replies, µs`, better: "less" };
    figures[`${name}Many`] = { what: `${what}, 50,000 replies, µs`, better: "less" };
  }
  const print = (turns) => {
    for (const [name, what] of Object.entries(lists)) {
      const ratio = round(median(turns.map((each) => each[`${name}Many`] / each[`${name}Few`])));
      const time = round(median(turns.map((each) => each[`${name}Many`])), 0);
      const line = `${what}, 50,000 replies ÷ 50, ${engine}`;
      report("P9", line, `${ratio} (${time} µs)`, "≤ 1.5", ratio <= 1.5);
    }
  };
  return {
    id: "P9",
    what: `what others wrote, ${engine}: time from answer to answer`,
    alone: { turns: 5, seconds: 1 },
    beside: { turns: 5, seconds: 1 },
    start,
    print,
    figures,
  };
}

export const muchAnswered = [
  measurement("SQLite", startOnSqlite),
  measurement("PostgreSQL", startOnPostgres),
];
