// The server and api/openapi.yaml. Every answer in every suite is held against the contract
// (support/api.ts); here is what that alone would miss.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { parse } from "yaml";
import {
  type Account,
  clientId,
  draftAccount,
  mailedCode,
  makeAccounts,
  nextAddress,
  pool,
  poolOk,
  signUp,
} from "./support/accounts.ts";
import { assertProblem, call, expect, post, reply } from "./support/api.ts";
import {
  headersOf,
  operationName,
  operationNamed,
  operations,
  propertiesOf,
  schemaNamed,
} from "./support/contract.ts";
import { contractFile } from "./support/paths.ts";
import { type Server, startServer } from "./support/server.ts";

describe("the contract", () => {
  let server: Server;
  let ada: Account;
  let grace: Account;
  let root: string;
  let answer: string;

  before(async () => {
    const roomy = ["posts", "replies", "likes", "deletions"].map(
      (kind) => `${kind}:1000/min,9999/day`,
    );
    server = await startServer({ CLOCK_MOVABLE: "true", WRITE_LIMITS: roomy.join(";") });
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

  it("a limit of the user pool answers 400, as the contract says, and tells when to come back", async () => {
    const { email } = draftAccount();
    const address = nextAddress();
    const forgotten = () =>
      pool(server, "ForgotPassword", { ClientId: clientId, Username: email }, address);
    let answer = await forgotten();
    for (let i = 0; i < 10 && answer.status === 200; ++i) answer = await forgotten();
    assert.equal(answer.status, 400);
    assert.equal(answer.json.__type, "LimitExceededException");
    const described = operationNamed("POST /cognito-idp/").responses["400"]?.headers ?? {};
    for (const name of ["x-amzn-errortype", "retry-after", "ratelimit"]) {
      assert(name in described, name);
      assert(answer.headers.has(name), name);
    }
  });

  it("a sign-in sets the cookie of the contract, and codes have its ten digits", async () => {
    const who = draftAccount();
    assert.equal((await signUp(server, who)).status, 200);
    const ConfirmationCode = await mailedCode(server, who.email);
    assert.match(ConfirmationCode, /^[0-9]{10}$/);
    const spaced = `${ConfirmationCode.slice(0, 5)} ${ConfirmationCode.slice(5)}`;
    const answer = await poolOk(server, "ConfirmSignUp", {
      ClientId: clientId,
      Username: who.email,
      ConfirmationCode: spaced,
    });
    assert.match(answer.headers.get("set-cookie") ?? "", /^cruddur-device=/);
    const { parameters, description, responses } = operationNamed("POST /cognito-idp/");
    assert(JSON.stringify(parameters).includes("cruddur-device"));
    assert(
      responses["200"]?.headers?.["set-cookie"],
      "the contract has it, and held the answer against it",
    );
    assert.match(description, /ten digits/);
  });

  it("the pool's id in the contract is the server's, and others are not found", async () => {
    const config = (await expect(200, server, "GET", "/config.json")).json;
    const id = config.identity.user_pool_id;
    const examples = readFileSync(contractFile, "utf8").match(/local_\w+/g) ?? [];
    assert(examples.length > 0);
    assert.deepEqual([...new Set(examples)], [id]);
    for (const document of ["jwks.json", "openid-configuration"]) {
      const at = (pool_id: string) => `/${pool_id}/.well-known/${document}`;
      await expect(200, server, "GET", at(id));
      for (const other of ["eu_Wrong", "local_Cruddur0", "local%0ACruddur", "local_Cruddur%0A"]) {
        const given = await call(server, "GET", at(other));
        assert([400, 404].includes(given.status), `${other}: ${given.status}`);
        assert.match(given.headers.get("content-type") ?? "", /^application\/problem\+json/);
      }
      const { responses } = operationNamed(`GET /{pool_id}/.well-known/${document}`);
      assert(responses["404"] && responses.default, "both are in the contract");
    }
  });

  it("what the contract takes for a number or refuses as empty, the server does too", async () => {
    for (const number of ["0", "0.0", "0e0", "-0.0"])
      await expect(200, server, "POST", "/dev/clock", {
        body: `{"advance_seconds": ${number}}`,
        headers: { "content-type": "application/json" },
      });
    for (const other of ["0.5", "1e300", "-1", '"0"', "null", "true", "31622401"]) {
      const answer = await call(server, "POST", "/dev/clock", {
        body: `{"advance_seconds": ${other}}`,
        headers: { "content-type": "application/json" },
      });
      assertProblem(answer, 422, "advance_seconds_invalid");
    }
    for (const path of [
      "/api/activities/home",
      `/api/activities/@${ada.handle}`,
      `/api/activities/${root}`,
    ])
      assertProblem(await call(server, "GET", `${path}?cursor=`), 422, "cursor_invalid");
  });

  it("every operation that is limited says so, and tells what is left with every answer", async () => {
    const fields = ["ratelimit", "ratelimit-policy"];
    const limited = operations.filter(
      (each) => "429" in each.responses && each.path.startsWith("/api/"),
    );
    assert.deepEqual(limited.map(operationName).sort(), [
      "DELETE /api/activities/{uuid}",
      "DELETE /api/activities/{uuid}/like",
      "POST /api/activities",
      "POST /api/activities/{uuid}/like",
      "POST /api/activities/{uuid}/reply",
      "PUT /api/activities/{uuid}/like",
    ]);
    for (const each of limited) {
      const name = operationName(each);
      const good = Object.keys(each.responses).filter((status) => status.startsWith("2"));
      for (const status of [...good, "429"]) {
        const missing = fields.filter((field) => !headersOf(each, status).includes(field));
        assert.deepEqual(missing, [], `${name} ${status}`);
      }
      for (const uuid of [root, "00000000-0000-7000-8000-000000000000"]) {
        const path = each.path.replace("{uuid}", uuid);
        const given = await call(server, each.method, path, { token: grace.token });
        for (const field of fields) {
          assert(given.headers.has(field), `${name}: ${given.status} without ${field}`);
        }
      }
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
