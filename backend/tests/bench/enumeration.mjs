// Whether the time of an answer tells that an account exists: for each operation that must not tell, answers for accounts beside
// answers for names of nobody, compared by the area under the ROC curve (0.5: no difference; 1: each answer tells). A third call
// of each turn is for another name of nobody and waits 300 µs more: it shows what these figures can see. Nothing waits for a disk,
// whose noise would hide what is small; that both sides commit alike is counted by backend/tests/contract/equal_work_test.cpp.
import { mkdtemp } from "node:fs/promises";
import { connect } from "node:net";
import { ownFolder } from "./support/endings.mjs";
import { median, report, round } from "./support/figures.mjs";
import { makeAccount } from "./support/pool.mjs";
import { startPostgres } from "./support/postgres.mjs";
import { startServer } from "./support/server.mjs";

const accounts = 100;
const turns = 20; // with each account: 2,000 pairs
const longest = 80_000; // ms for an engine; on a machine that is busy fewer pairs fit
const planted = 300_000n; // ns
const hoursBetween = 6; // so that codes are mailed in each turn, and no account stands under many tries

// One connection, one call at a time.
class Line {
  #socket;
  #answer = Buffer.alloc(0);
  #done;

  constructor(url) {
    const { hostname, port } = new URL(url);
    this.#socket = connect({ host: hostname, port: Number(port), noDelay: true });
    this.#socket.on("data", (part) => this.#take(part));
  }

  #take(part) {
    this.#answer = Buffer.concat([this.#answer, part]);
    const head = this.#answer.indexOf("\r\n\r\n");
    if (head < 0) return;
    const length = Number(/content-length: (\d+)/i.exec(this.#answer.subarray(0, head))[1]);
    if (this.#answer.length < head + 4 + length) return;
    const text = this.#answer.toString();
    this.#answer = Buffer.alloc(0);
    this.#done({ status: Number(text.slice(9, 12)), body: JSON.parse(text.slice(head + 4)) });
  }

  // Gives the answer and the nanoseconds until it was here.
  async ask(operation, body, address, delay = 0n) {
    const json = JSON.stringify({ ClientId: "cruddur-web", ...body });
    const request = [
      "POST /cognito-idp/ HTTP/1.1",
      "host: localhost",
      "content-type: application/x-amz-json-1.1",
      `x-amz-target: AWSCognitoIdentityProviderService.${operation}`,
      `x-forwarded-for: ${address}`,
      `content-length: ${Buffer.byteLength(json)}`,
      "",
      json,
    ].join("\r\n");
    const answered = new Promise((resolve) => {
      this.#done = resolve;
    });
    const sent = process.hrtime.bigint();
    this.#socket.write(request);
    const answer = await answered;
    const until = process.hrtime.bigint() + delay;
    while (delay > 0n && process.hrtime.bigint() < until);
    return { answer, took: Number(process.hrtime.bigint() - sent) };
  }

  end() {
    this.#socket.destroy();
  }
}

let calls = 0;
function nextAddress() {
  const n = ++calls;
  return `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;
}

const timestamp = () => {
  const [day, date, month, year, time] = new Date().toUTCString().replace(",", "").split(" ");
  return `${day} ${month} ${Number(date)} ${time} UTC ${year}`;
};

const code = { ConfirmationCode: "0000000000" };

// What is asked for a name, in order; `before` is the answer to the step before.
const steps = {
  "sign-in, wrong password": (USERNAME) => [
    "InitiateAuth",
    {
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME, PASSWORD: "Wrong-pass-1" },
    },
  ],
  "sign-in, challenge": (USERNAME) => [
    "InitiateAuth",
    {
      AuthFlow: "USER_SRP_AUTH",
      AuthParameters: { USERNAME, SRP_A: "ab".repeat(380) },
    },
  ],
  "sign-in, wrong answer to it": (_, before) => [
    "RespondToAuthChallenge",
    {
      ChallengeName: "PASSWORD_VERIFIER",
      ChallengeResponses: {
        USERNAME: before.ChallengeParameters.USERNAME,
        PASSWORD_CLAIM_SECRET_BLOCK: before.ChallengeParameters.SECRET_BLOCK,
        TIMESTAMP: timestamp(),
        PASSWORD_CLAIM_SIGNATURE: Buffer.alloc(32, 7).toString("base64"),
      },
    },
  ],
  "ConfirmSignUp, wrong code": (Username) => ["ConfirmSignUp", { Username, ...code }],
  ForgotPassword: (Username) => ["ForgotPassword", { Username }],
  "ConfirmForgotPassword, wrong code": (Username) => [
    "ConfirmForgotPassword",
    { Username, ...code, Password: "Another-pass-1" },
  ],
  ResendConfirmationCode: (Username) => ["ResendConfirmationCode", { Username }],
};

// The probability that a value of `some` is greater than one of `others`, or the other way round if that is more.
export function distinction(some, others) {
  const all = [...some.map((value) => [value, 1]), ...others.map((value) => [value, 0])].sort(
    ([a], [b]) => a - b,
  );
  let ranks = 0;
  for (let at = 0; at < all.length; ) {
    let end = at;
    while (end < all.length && all[end][0] === all[at][0]) ++end;
    const rank = (at + 1 + end) / 2;
    for (; at < end; ++at) ranks += all[at][1] * rank;
  }
  const area = (ranks - (some.length * (some.length + 1)) / 2) / (some.length * others.length);
  return Math.max(area, 1 - area);
}

function shuffled(items) {
  const out = [...items];
  for (let at = out.length - 1; at > 0; --at) {
    const other = Math.floor(Math.random() * (at + 1));
    [out[at], out[other]] = [out[other], out[at]];
  }
  return out;
}

async function measure(engine, settings) {
  const memory = await mkdtemp("/dev/shm/cruddur-bench-");
  const removeMemory = ownFolder(memory);
  const server = await startServer(
    { LOG_LEVEL: "error", TRUSTED_PROXIES: "127.0.0.1", CLOCK_MOVABLE: "true", ...settings },
    { dataDir: memory },
  );
  const line = new Line(server.url);
  try {
    const known = [];
    for (let i = 0; i < accounts; ++i)
      known.push((await makeAccount(server.url, { "x-forwarded-for": nextAddress() })).email);
    const took = Object.fromEntries(
      Object.keys(steps).map((name) => [name, { known: [], nobody: [], planted: [] }]),
    );
    const end = Date.now() + longest;
    for (let turn = 0; turn < turns && Date.now() < end; ++turn) {
      for (const email of known) {
        if (Date.now() >= end) break;
        // Of one length, as the answer's is the name's.
        const names = {
          known: email,
          nobody: email.replace("bench", "nobod"),
          planted: email.replace("bench", "plant"),
        };
        const before = {};
        for (const [name, step] of Object.entries(steps)) {
          for (const group of shuffled(Object.keys(names))) {
            const [operation, body] = step(names[group], before[group]);
            const delay = group === "planted" ? planted : 0n;
            const given = await line.ask(operation, body, nextAddress(), delay);
            before[group] = given.answer.body;
            took[name][group].push(given.took);
            if (given.answer.status !== 200 && /Too|Limit/.test(given.answer.body.__type))
              throw new Error(`${name}: ${JSON.stringify(given.answer.body)}`);
          }
        }
      }
      await fetch(`${server.url}/dev/clock`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ advance_seconds: hoursBetween * 3600 }),
      });
    }
    for (const [name, { known, nobody, planted }] of Object.entries(took)) {
      const found = round(distinction(known, nobody));
      const seen = round(distinction(planted, nobody));
      const apart = Math.round((median(known) - median(nobody)) / 1000);
      report("Names", `${name}, ${engine}: AUC`, found, "≤ 0.6", found <= 0.6);
      report("", "  medians apart, pairs", `${apart} µs, ${known.length}`, "");
      report("", "  the same with 300 µs planted", seen, "≥ 0.9", seen >= 0.9);
    }
  } finally {
    line.end();
    await server.stop();
    await removeMemory();
  }
}

export async function enumeration() {
  await measure("SQLite", {});
  const postgres = await startPostgres("-c fsync=off");
  try {
    await measure("PostgreSQL", { DATABASE_URL: postgres.url });
  } finally {
    await postgres.stop();
  }
}
