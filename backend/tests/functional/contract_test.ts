// The server and api/openapi.yaml. Every answer in every suite is held against the contract
// (support/api.ts); here is what that alone would miss.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { parse } from "yaml";
import { type Account, makeAccounts } from "./support/accounts.ts";
import { assertProblem, call, expect, post, reply } from "./support/api.ts";
import { operationName, operations, propertiesOf, schemaNamed } from "./support/contract.ts";
import { contractFile } from "./support/paths.ts";
import { type Server, startServer } from "./support/server.ts";

describe("the contract", () => {
  let server: Server;
  let ada: Account;
  let grace: Account;
  let root: string;
  let answer: string;

  before(async () => {
    server = await startServer({ CLOCK_MOVABLE: "true" });
    [ada, grace] = (await makeAccounts(server, 2)) as [Account, Account];
    root = (await post(server, ada.token, "Hello @world #first https://example.com", "7-days"))
      .uuid;
    answer = (await reply(server, grace.token, root, "first")).uuid;
    await reply(server, ada.token, answer, "second");
    await expect(200, server, "PUT", `/api/activities/${root}/like`, { token: grace.token });
  });
  after(() => server.stop());

  it("every operation of the contract is served", async () => {
    for (const operation of operations) {
      const path = operation.path
        .replace("{handle}", ada.handle)
        .replace("{uuid}", root)
        .replace("{pool_id}", "local_Cruddur");
      const given = await call(server, operation.method, path, {
        token: operation.security ? grace.token : undefined,
      });
      const unserved = given.status === 404 || given.status === 405 || given.status >= 500;
      assert(!unserved, `${operationName(operation)}: ${given.status} ${given.text}`);
    }
  });

  it("the validator refuses what the contract does not allow", () => {
    const like = schemaNamed("LikeState");
    assert(like({ uuid: root, liked: true, likes_count: 1 }));
    assert(!like({ uuid: root, liked: "yes", likes_count: 1 }));
    assert(!like({ uuid: "x", liked: true, likes_count: 1 }));
    assert(!like({ uuid: root, liked: true, likes_count: -1 }));
    assert(!schemaNamed("Activity")({ uuid: root }));
  });

  it("answers have no member that the contract does not name", async () => {
    const only = (what: object, schema: string, ...more: string[]) =>
      assert.deepEqual(
        Object.keys(what).filter((name) => ![...propertiesOf(schema), ...more].includes(name)),
        [],
      );
    const home = (await expect(200, server, "GET", "/api/activities/home", { token: ada.token }))
      .json;
    only(home, "ActivityList");
    only(home.data[0], "Activity");
    only(home.data[0].entities[0], "Entity");
    const thread = (await expect(200, server, "GET", `/api/activities/${root}`)).json;
    only(thread, "Thread");
    only(thread.replies, "ReplyList");
    only(thread.replies.data[0], "Activity", "replies");
    only(
      (await expect(200, server, "GET", "/api/profile/me", { token: ada.token })).json,
      "Profile",
    );
    only((await expect(200, server, "GET", `/api/users/@${ada.handle}`)).json, "Profile");
    only(
      (await expect(200, server, "GET", `/api/users/@${ada.handle}/short`)).json,
      "ShortProfile",
    );
    only(
      (await expect(200, server, "PUT", `/api/activities/${root}/like`, { token: ada.token })).json,
      "LikeState",
    );
    only((await expect(200, server, "GET", "/config.json")).json, "ClientConfig");
    only((await expect(200, server, "GET", "/api/health-check")).json, "Health");
    only((await call(server, "GET", "/api/users/@nobody_here")).json, "Problem");
  });

  it("the documents that the server gives are those of this contract", async () => {
    const served = await expect(200, server, "GET", "/api/openapi.json");
    assert.deepEqual(
      served.json,
      JSON.parse(JSON.stringify(parse(readFileSync(contractFile, "utf8")))),
    );
    const docs = await expect(200, server, "GET", "/api/docs");
    for (const operation of operations) assert(docs.text.includes(operation.path), operation.path);
    assert.doesNotMatch(
      docs.text,
      /https?:\/\/(?!example|localhost|127)[^"]*\.(js|css)/,
      "from our own origin",
    );
  });

  it("every answer of the API tells the server's time and an id of its own", async () => {
    const ids = new Set<string | null>();
    for (const path of [
      "/api/activities/home",
      "/api/activities/x",
      "/api/nothing",
      "/api/profile/me",
    ]) {
      const { headers } = await call(server, "GET", path);
      assert(Math.abs(Number(headers.get("x-server-time")) - Date.now()) < 5_000, path);
      ids.add(headers.get("x-request-id"));
    }
    assert.equal(ids.size, 4);
    const named = await call(server, "GET", "/api/nothing", {
      headers: { "x-request-id": "my-own-request-id" },
    });
    assert.equal(named.headers.get("x-request-id"), "my-own-request-id");
    assert.equal(named.json.request_id, "my-own-request-id");
  });

  it("CORS allows the configured origins exactly, and never with a wildcard", async () => {
    const preflight = (origin: string, path = "/api/activities") =>
      call(server, "OPTIONS", path, {
        headers: {
          origin,
          "access-control-request-method": "POST",
          "access-control-request-headers": "authorization",
        },
      });
    const allowed = await preflight("http://localhost:3000");
    assert.equal(allowed.status, 204);
    assert.equal(allowed.headers.get("access-control-allow-origin"), "http://localhost:3000");
    assert.match(allowed.headers.get("access-control-allow-methods") ?? "", /POST/);
    const amplify =
      (await preflight("http://localhost:3000", "/cognito-idp/")).headers
        .get("access-control-allow-headers")
        ?.toLowerCase() ?? "";
    for (const name of [
      "content-type",
      "x-amz-target",
      "x-amz-user-agent",
      "amz-sdk-invocation-id",
      "amz-sdk-request",
      "cache-control",
    ]) {
      assert(amplify.split(/, */).includes(name), `${name} in ${amplify}`);
    }
    for (const origin of [
      "http://localhost:3001",
      "https://localhost:3000",
      "http://evil.example",
      "null",
      "http://localhost:3000.evil.example",
    ]) {
      const refused = await preflight(origin);
      assertProblem(refused, 403, "origin_forbidden");
      assert.equal(refused.headers.get("access-control-allow-origin"), null, origin);
    }
    const read = await call(server, "GET", "/api/activities/home", {
      headers: { origin: "http://localhost:3000" },
    });
    assert.match(read.headers.get("access-control-expose-headers") ?? "", /x-server-time/i);
    assert.match(read.headers.get("vary") ?? "", /Origin/i);
  });
});
