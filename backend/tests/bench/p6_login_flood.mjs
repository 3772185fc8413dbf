// P6: readers while sign-ins come at ten times what the server can check.
import { Agent, request } from "node:http";
import { report, round } from "./support/figures.mjs";
import { makeAccount, signIn } from "./support/pool.mjs";
import { startServer } from "./support/server.mjs";
import { wrk } from "./support/wrk.mjs";

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// p99 in milliseconds of timeline reads that come at a fixed rate, whatever the answers take.
async function readSteadily(url, token, { perSecond = 100, seconds = 6 } = {}) {
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
  took.sort((a, b) => a - b);
  return took[Math.floor(took.length * 0.99)];
}

// Each sign-in is for another account, from another address (the server believes this machine as a proxy), so no limit of attempts
// helps; only the bound on work does.
// At most `perSecond`: what waits for its answer asks for no more.
const flood = (perSecond) => `
local n = 0
-- Of 128 connections each waits so long between two calls.
function delay() return ${Math.round((128 * 1000) / perSecond)} end
function request()
  n = n + 1
  local headers = {
    ["content-type"] = "application/x-amz-json-1.1",
    ["x-amz-target"] = "AWSCognitoIdentityProviderService.InitiateAuth",
    ["x-forwarded-for"] = string.format("10.%d.%d.%d", n / 65536 % 256, n / 256 % 256, n % 256),
  }
  return wrk.format("POST", "/cognito-idp/", headers, '{"ClientId":"cruddur-web","AuthFlow":"USER_PASSWORD_AUTH","AuthParameters":{"USERNAME":"nobody' .. n .. '@example.org","PASSWORD":"Wrong-pass-1"}}')
end
`;

export async function loginFlood() {
  const server = await startServer({ LOG_LEVEL: "error", TRUSTED_PROXIES: "127.0.0.1" });
  try {
    const { token, email } = await makeAccount(server.url);
    const started = Date.now();
    const tries = 20;
    for (let i = 0; i < tries; i++)
      await signIn(server.url, email, undefined, { "x-forwarded-for": `10.9.9.${i}` });
    const capacity = (tries * 1000) / (Date.now() - started);

    const calm = [];
    const flooded = [];
    let offered = 0;
    for (let turn = 0; turn < 3; turn++) {
      calm.push(await readSteadily(server.url, token));
      const load = wrk(server.url, { connections: 128, seconds: 8, script: flood(20 * capacity) });
      await sleep(1000);
      flooded.push(await readSteadily(server.url, token));
      offered = (await load).perSecond;
      await sleep(500);
    }
    const ratio = round(flooded.reduce((a, b) => a + b) / calm.reduce((a, b) => a + b));
    report(
      "P6",
      `timeline p99 in a login flood ÷ calm (${round(offered / capacity, 0)} × capacity offered)`,
      ratio,
      "≤ 1.5",
      ratio <= 1.5,
    );
    report("", "  p99 calm → flooded", `${round(calm[1])} → ${round(flooded[1])} ms`, "");
    report(
      "",
      "  sign-ins/s one after another → answered in the flood",
      `${Math.round(capacity)} → ${Math.round(offered)}`,
      "",
    );
  } finally {
    await server.stop();
  }
}
