// P6: readers while sign-ins come at ten times what the server can check.
import { Agent, request } from "node:http";
import { median, report, round } from "./support/figures.mjs";
import { makeAccount, signIn } from "./support/pool.mjs";
import { metric, startServer } from "./support/server.mjs";
import { wrk } from "./support/wrk.mjs";

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const tries = 12; // one after another

const p99 = (times) => times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)];

// Milliseconds of timeline reads that come at a fixed rate, whatever the answers take.
async function readSteadily(url, token, seconds, perSecond = 100) {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  const took = [];
  const one = () =>
    new Promise((resolve, reject) => {
      const started = process.hrtime.bigint();
      const sent = request(
        `${url}/api/activities/home`,
        { agent, headers: { authorization: `Bearer ${token}` } },
        (answer) => {
          answer.resume();
          answer.on("end", () => {
            if (answer.statusCode !== 200)
              reject(new Error(`a read was answered ${answer.statusCode}`));
            took.push(Number(process.hrtime.bigint() - started) / 1e6);
            resolve();
          });
        },
      );
      sent.on("error", reject);
      sent.end();
    });
  const all = [];
  const started = Date.now();
  for (let i = 0; i < perSecond * seconds; i++) {
    await sleep(Math.max(0, started + (i * 1000) / perSecond - Date.now()));
    all.push(one());
  }
  await Promise.all(all);
  agent.destroy();
  return took;
}

// Each sign-in is for another account, from another address (the server believes this machine as a
// proxy), so no limit of attempts helps; only the bound on work does. At most `perSecond`: what
// waits for its answer asks for no more. A sign-in that was checked is answered 400, one too many
// 429.
const flood = (perSecond, turn) => `
local n = 0
local flooding
checked = 0
function setup(thread) flooding = thread end
-- Of 128 connections each waits so long between two calls.
function delay() return ${Math.round((128 * 1000) / perSecond)} end
function request()
  n = n + 1
  local headers = {
    ["content-type"] = "application/x-amz-json-1.1",
    ["x-amz-target"] = "AWSCognitoIdentityProviderService.InitiateAuth",
    ["x-forwarded-for"] = string.format("10.%d.%d.%d", n / 65536 % 256, n / 256 % 256, n % 256),
  }
  return wrk.format("POST", "/cognito-idp/", headers, '{"ClientId":"cruddur-web","AuthFlow":"USER_PASSWORD_AUTH","AuthParameters":{"USERNAME":"nobody${turn}_' .. n .. '@example.org","PASSWORD":"Wrong-pass-1"}}')
end
function response(status) if status == 400 then checked = checked + 1 end end
function done() print("checked " .. flooding:get("checked")) end
`;

// Sign-ins/s of one account, one after another.
async function signInsPerSecond(url, turn) {
  const { email } = await makeAccount(url);
  const started = performance.now();
  for (let i = 0; i < tries; i++) {
    const address = { "x-forwarded-for": `10.9.${turn}.${i}` };
    const { status, body } = await signIn(url, email, undefined, address);
    if (status !== 200) throw new Error(JSON.stringify(body));
  }
  return (tries * 1000) / (performance.now() - started);
}

async function start(binary) {
  const settings = { LOG_LEVEL: "error", TRUSTED_PROXIES: "127.0.0.1" };
  const server = await startServer(settings, { binary });
  const { token } = await makeAccount(server.url);
  const counts = () =>
    Promise.all(
      ["commits", "writes"].map((what) => metric(server.url, `cruddur_database_${what}_total`)),
    );
  let turn = 0;
  return {
    pid: server.pid,
    async turn(seconds) {
      turn++;
      const capacity = await signInsPerSecond(server.url, turn);
      const calm = await readSteadily(server.url, token, seconds);
      const load = wrk(server.url, {
        connections: 128,
        seconds: seconds + 2,
        script: flood(20 * capacity, turn),
        nice: 19, // as if it ran elsewhere
      });
      await sleep(1000);
      const before = await counts();
      const flooded = await readSteadily(server.url, token, seconds);
      const after = await counts();
      const { perSecond, requests, printed } = await load;
      const checked = Number(/^checked (\d+)/m.exec(printed)[1]);
      await sleep(500);
      return {
        capacity,
        calm,
        flooded,
        p99: p99(flooded),
        ratio: p99(flooded) / p99(calm),
        offered: perSecond,
        perCommit: (after[1] - before[1]) / Math.max(1, after[0] - before[0]),
        checked: (checked * perSecond) / requests,
      };
    },
    stop: () => server.stop(),
  };
}

// A p99 is made by few of a turn's reads, so those of all turns are taken together.
function print(turns) {
  const of = (name) => median(turns.map((each) => each[name]));
  const [calm, flooded] = ["calm", "flooded"].map((name) =>
    p99(turns.flatMap((each) => each[name])),
  );
  const ratio = round(flooded / calm);
  const times = round(median(turns.map((each) => each.offered / each.capacity)), 0);
  const what = `timeline p99 in a login flood ÷ calm (${times} × capacity offered)`;
  report("P6", what, ratio, "≤ 1.5", ratio <= 1.5);
  report("", "  p99 calm → flooded", `${round(calm)} → ${round(flooded)} ms`, "");
  const signIns = ["capacity", "offered", "checked"].map((name) => Math.round(of(name)));
  const line = "  sign-ins/s one after another → in the flood: answered, checked";
  report("", line, `${signIns[0]} → ${signIns[1]}, ${signIns[2]}`, "");
  report("", "  tries written down per fsync, in the flood", round(of("perCommit"), 1), "");
}

export const loginFlood = {
  id: "P6",
  what: "login flood",
  alone: { turns: 6, seconds: 6 },
  beside: { turns: 4, seconds: 3 },
  start,
  print,
  figures: {
    ratio: { what: "timeline p99 in the flood ÷ calm", better: "less" },
    p99: { what: "timeline p99 in the flood, ms", better: "less" },
    capacity: { what: "sign-ins/s, one after another", better: "more" },
    checked: { what: "sign-ins/s checked in the flood", better: "more" },
  },
};
