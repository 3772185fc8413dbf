// Identity from outside: a stand-in for a Cognito user pool's issuer, which publishes its keys and signs tokens.
import assert from "node:assert/strict";
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { assertProblem, call, expect } from "./support/api.ts";
import { type Server, startServer } from "./support/server.ts";
import { signedRs256 } from "./support/tokens.ts";

describe("a server whose people come from an outside pool", () => {
  const keys: { kid: string; private: KeyObject; public: KeyObject }[] = [];
  let asked = 0;
  const issuer = createServer((request, answer) => {
    asked++;
    const found = request.url === "/eu_Outside/.well-known/jwks.json";
    const jwks = keys.map((each) => ({
      ...each.public.export({ format: "jwk" }),
      kid: each.kid,
      alg: "RS256",
      use: "sig",
    }));
    answer.writeHead(found ? 200 : 404, { "content-type": "application/json" });
    answer.end(JSON.stringify({ keys: jwks }));
  });
  let server: Server;
  let url = "";

  const addKey = (kid: string) => {
    const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
    keys.push({ kid, private: pair.privateKey, public: pair.publicKey });
  };
  const token = (kid: string, claims: object = {}) => {
    const now = Math.floor(Date.now() / 1000);
    const key = keys.find((each) => each.kid === kid);
    assert(key);
    const payload = {
      sub: "5d1c0f6e-2b1a-4c7e-9d3f-0a1b2c3d4e5f",
      iss: `${url}/eu_Outside`,
      client_id: "outside-client",
      token_use: "access",
      iat: now,
      exp: now + 600,
      ...claims,
    };
    return signedRs256({ alg: "RS256", kid }, payload, key.private);
  };

  before(async () => {
    addKey("first");
    issuer.listen(0, "127.0.0.1");
    await once(issuer, "listening");
    url = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}`;
    server = await startServer({
      IDENTITY_URL: `${url}/eu_Outside`,
      IDENTITY_CLIENT_ID: "outside-client",
    });
  });
  after(async () => {
    await server.stop();
    issuer.close();
  });

  it("sends clients to that pool, and answers no pool calls itself", async () => {
    const config = (await expect(200, server, "GET", "/config.json")).json;
    assert.deepEqual(config.identity, {
      region: "eu",
      user_pool_id: "eu_Outside",
      user_pool_client_id: "outside-client",
      user_pool_endpoint: `${url}/`,
    });
    assertProblem(await call(server, "POST", "/cognito-idp/", { json: {} }), 404, "path_not_found");
  });

  it("takes the pool's tokens, and no others", async () => {
    await expect(200, server, "GET", "/api/activities/home", { token: token("first") });
    for (const wrong of [
      { iss: `${url}/eu_Other` },
      { client_id: "other-client" },
      { token_use: "id" },
      { exp: 1 },
    ]) {
      const answer = await call(server, "GET", "/api/activities/home", {
        token: token("first", wrong),
      });
      assert.equal(answer.status, 401, JSON.stringify(wrong));
    }
  });

  it("fetches the keys once for many requests", async () => {
    const before = asked;
    for (let i = 0; i < 20; i++) {
      await expect(200, server, "GET", "/api/activities/home", {
        token: token("first", { jti: `${i}` }),
      });
    }
    assert.equal(asked, before);
  });

  it("lets nobody post who has no profile yet", async () => {
    const answer = await call(server, "POST", "/api/activities", {
      token: token("first"),
      json: { message: "hello", ttl: "1-hour" },
    });
    assertProblem(answer, 403, "profile_missing");
  });

  it("goes on with the keys it has while the issuer is away", async () => {
    issuer.close();
    issuer.closeAllConnections();
    await expect(200, server, "GET", "/api/activities/home", {
      token: token("first", { jti: "later" }),
    });
  });
});
