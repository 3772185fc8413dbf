// P9: what others wrote can't slow a reader: a thread, a reply in it and a person's posts with
// 50,000 replies beside the same with 50, on both engines.
import { median, report, round } from "./support/figures.mjs";
import { makeAccount } from "./support/pool.mjs";
import { startPostgres } from "./support/postgres.mjs";
import { activityInsert, inDatabase, uuidAt } from "./support/rows.mjs";
import { startServer } from "./support/server.mjs";
import { wrk } from "./support/wrk.mjs";

const few = 50;
const many = 50_000;
const day = 86_400_000;

const hex = (uuid) => Buffer.from(uuid.replaceAll("-", ""), "hex");

function addRepliesToSqlite(dataDir, { author, parent, root, count }) {
  inDatabase(dataDir, (db) => {
    const insert = activityInsert(db);
    const now = Date.now();
    for (let i = 0; i < count; i++) {
      insert({
        uuid: uuidAt(now),
        user_uuid: hex(author),
        message: `Reply ${i} of many, about as long as people write them.`,
        created_at: now,
        expires_at: now + day,
        reply_to_uuid: hex(parent),
        root_uuid: hex(root),
      });
    }
  });
}

// Counted at once: one by one each would leave a dead version of the parent's row behind.
async function addRepliesToPostgres(postgres, { author, parent, root, count }) {
  const now = Date.now();
  const time = now.toString(16).padStart(12, "0");
  const known = await postgres.query(
    "SELECT 1 FROM information_schema.columns WHERE table_name = 'activities' AND column_name = 'lifetime_class'",
  );
  const [columns, values] = known ? [", entities, lifetime_class", ", '[]', -1"] : ["", ""];
  await postgres.query(
    `ALTER TABLE activities DISABLE TRIGGER USER;
     INSERT INTO activities (uuid, user_uuid, message, created_at, expires_at, reply_to_uuid, root_uuid${columns})
     SELECT CAST('${time}70008' || substr(md5('${parent}' || i), 1, 15) AS uuid), '${author}',
       'Reply ' || i || ' of many, about as long as people write them.', ${now}, ${now + day}, '${parent}', '${root}'${values}
     FROM generate_series(1, ${count}) AS i;
     UPDATE activities SET replies_count = replies_count + ${count} WHERE uuid = '${parent}';
     ALTER TABLE activities ENABLE TRIGGER USER;`,
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
async function addPeople(url, count, addReplies) {
  const [asks, answers] = [await makeAccount(url), await makeAccount(url)];
  const post = (token, message) => send(url, "/api/activities", token, { message, ttl: "1-day" });
  for (let i = 0; i < 20; i++) await post(answers.token, `Post ${i} of somebody who answers a lot`);
  const first = await post(asks.token, "Answered by many");
  const second = await post(asks.token, "Answered once");
  const reply = await send(url, `/api/activities/${second.uuid}/reply`, answers.token, {
    message: "The one that is answered by many",
  });
  const author = reply.author?.uuid ?? reply.user_uuid; // earlier releases have it flat
  await addReplies({ author, parent: first.uuid, root: first.uuid, count });
  await addReplies({ author, parent: reply.uuid, root: second.uuid, count });
  return {
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

async function fillAndMeasure(server, addReplies) {
  const { token } = await makeAccount(server.url);
  const headers = { authorization: `Bearer ${token}` };
  const little = await addPeople(server.url, few, addReplies);
  const much = await addPeople(server.url, many, addReplies);
  // Microseconds from one answer to the next.
  const time = async (path, seconds) => {
    const load = await wrk(server.url + path, { connections: 16, seconds, headers });
    if (load.refused) throw new Error(`${load.refused} requests were refused`);
    return 1e6 / load.perSecond;
  };
  return async (seconds) => {
    const numbers = {};
    await time(little.thread, 1); // what rested meanwhile is slow at first
    for (const name of Object.keys(lists)) {
      numbers[`${name}Few`] = await time(little[name], seconds);
      numbers[`${name}Many`] = await time(much[name], seconds);
    }
    return numbers;
  };
}

async function startOnSqlite(binary) {
  const server = await startServer({ LOG_LEVEL: "warning" }, { binary });
  const addReplies = (replies) => addRepliesToSqlite(server.dataDir, replies);
  return { turn: await fillAndMeasure(server, addReplies), stop: () => server.stop() };
}

async function startOnPostgres(binary) {
  const postgres = await startPostgres();
  const settings = { LOG_LEVEL: "warning", DATABASE_URL: postgres.url };
  const server = await startServer(settings, { binary });
  const addReplies = (replies) => addRepliesToPostgres(postgres, replies);
  return {
    turn: await fillAndMeasure(server, addReplies),
    async stop() {
      await server.stop();
      await postgres.stop();
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
