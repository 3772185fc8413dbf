// What one account may write in a while, and how answers tell what is left.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { type Account, makeAccounts } from "./support/accounts.ts";
import { type Answer, advanceClock, assertProblem, call, expect, post } from "./support/api.ts";
import { type Server, startServer } from "./support/server.ts";

describe("write limits", () => {
  let server: Server;
  let ada: Account;
  let grace: Account;

  before(async () => {
    server = await startServer({ WRITE_LIMITS: "posts:3/min;likes:2/min", CLOCK_MOVABLE: "true" });
    [ada, grace] = (await makeAccounts(server, 2)) as [Account, Account];
  });
  after(() => server.stop());

  const send = (key: string, message = "hello", { token } = ada): Promise<Answer> =>
    call(server, "POST", "/api/activities", {
      token,
      json: { message, ttl: "1-hour" },
      headers: { "idempotency-key": key },
    });

  it("count what was written, tell what is left, and end with their window", async () => {
    const keys = [randomUUID(), randomUUID(), randomUUID()] as [string, string, string];
    const first = await send(keys[0]);
    assert.equal(first.status, 201, first.text);
    assert.equal(first.headers.get("ratelimit-policy"), '"posts";q=3;w=60');
    assert.match(first.headers.get("ratelimit") ?? "", /^"posts";r=2;t=\d+$/);
    assert.equal((await send(keys[0])).status, 200, "a repeat");
    assert.equal((await send(keys[1], " ")).status, 422, "refused for its text");
    const many = await Promise.all(Array.from({ length: 8 }, () => send(keys[1])));
    assert.equal(many.filter((each) => each.status === 201).length, 1, "eight with one key");
    assert.equal((await send(keys[2])).status, 201);
    const refused = await send(randomUUID());
    assertProblem(refused, 429, "rate_limited");
    assert.match(refused.headers.get("ratelimit") ?? "", /^"posts";r=0;t=\d+$/);
    const wait = Number(refused.headers.get("retry-after"));
    assert(wait >= 1 && wait <= 60, `${wait}`);
    assert.equal((await send(keys[0])).status, 200, "a repeat when nothing is left");
    assert.equal((await send(randomUUID(), "hers", grace)).status, 201, "another account");
    await advanceClock(server, wait);
    assert.equal((await send(randomUUID())).status, 201);
  });

  it("hold for likes of every method together", async () => {
    const { uuid } = await post(server, grace.token, "to like");
    const like = (method: string) =>
      call(server, method, `/api/activities/${uuid}/like`, { token: ada.token });
    assert.equal((await like("PUT")).status, 200);
    assert.equal((await like("DELETE")).status, 200);
    assertProblem(await like("POST"), 429, "rate_limited");
    await expect(204, server, "DELETE", `/api/activities/${uuid}`, { token: grace.token });
  });
});
