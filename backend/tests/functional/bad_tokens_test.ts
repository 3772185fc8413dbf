// Access tokens that are not what they claim to be.
import assert from "node:assert/strict";
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { pool } from "./support/accounts.ts";
import { assertProblem, call, expect } from "./support/api.ts";
import { operationName, operations, takesToken } from "./support/contract.ts";
import { assertHarmless } from "./support/harmless.ts";
import { Probe } from "./support/probe.ts";
import { decodeToken, signedHs256, signedRs256, unsigned } from "./support/tokens.ts";

describe("bad tokens", () => {
  let probe: Probe;

  before(async () => {
    probe = await Probe.start("sqlite");
  });
  after(() => probe.end());

  it("tokens that are forged, foreign or meant for something else are refused on every route that looks at one", async () => {
    const { ada, server } = probe;
    const { header, payload, signature } = decodeToken(ada.token);
    const [head, body] = ada.token.split(".") as [string, string];
    const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const jwk = (await expect(200, server, "GET", "/local_Cruddur/.well-known/jwks.json")).json
      .keys[0];
    const later = { ...payload, exp: payload.exp + 86_400 };
    const other = (claims: object) =>
      `${head}.${Buffer.from(JSON.stringify({ ...payload, ...claims })).toString("base64url")}.${signature}`;
    const forged: Record<string, string> = {
      "without a signature": unsigned({ ...header, alg: "none" }, payload),
      "alg none, with the signature": `${Buffer.from('{"alg":"none"}').toString("base64url")}.${body}.${signature}`,
      "alg nOnE": unsigned({ ...header, alg: "nOnE" }, payload),
      "an empty signature": `${head}.${body}.`,
      "another's sub": other({ sub: randomUUID(), username: randomUUID() }),
      "a later end": other(later),
      "a foreign key under our key id": signedRs256(header, later, stranger.privateKey),
      "a foreign key of its own": signedRs256(
        { alg: "RS256", kid: "foreign", jwk: stranger.publicKey.export({ format: "jwk" }) },
        payload,
        stranger.privateKey,
      ),
      "a key by address": signedRs256(
        { alg: "RS256", kid: "x", jku: "http://127.0.0.1:1/jwks.json" },
        payload,
        stranger.privateKey,
      ),
      "a foreign issuer": signedRs256(
        header,
        { ...payload, iss: "https://evil.example/local_Cruddur" },
        stranger.privateKey,
      ),
      "HMAC with the public key": signedHs256({ ...header, alg: "HS256" }, payload, jwk.n),
      "HMAC with the public key's bytes": signedHs256(
        { ...header, alg: "HS256" },
        payload,
        Buffer.from(jwk.n, "base64url"),
      ),
      "a wrong signature of the right length": `${head}.${body}.${Buffer.alloc(256, 1).toString("base64url")}`,
      "a signature cut short": ada.token.slice(0, -2),
      "padding after it": `${ada.token}==`,
      "a fourth part": `${ada.token}.x`,
      "an id token": ada.idToken,
      "a refresh token": ada.refreshToken,
      "a header that is no JSON": `xx.${body}.${signature}`,
      "a payload that is no JSON": `${head}.xx.${signature}`,
      "a payload of another type": `${head}.${Buffer.from("[1]").toString("base64url")}.${signature}`,
      "two dots": "..",
      "not base64": "%%%.%%%.%%%",
      "a word": "token",
      "two words": "a b",
      "a long one": "a".repeat(12_000),
    };
    const looking = operations.filter(takesToken);
    assert(looking.length >= 13);
    for (const operation of looking) {
      for (const [name, token] of Object.entries(forged)) {
        const json = operation.requestBody ? { message: "x", ttl: "1-hour" } : undefined;
        const answer = await probe.send(operation, { token, json });
        assertHarmless(`${operationName(operation)} with ${name}`, answer);
        assertProblem(answer, 401, "token_invalid");
        assert.match(answer.headers.get("www-authenticate") ?? "", /^Bearer /);
      }
      for (const authorization of [
        "Bearer",
        "Basic YTpi",
        "Token x",
        "Bearer\t",
        ada.token,
        `bearer${ada.token}`,
      ]) {
        const answer = await call(server, operation.method, probe.path(operation), {
          headers: { authorization },
        });
        assert.equal(
          answer.status,
          401,
          `${operationName(operation)} with ${authorization.slice(0, 20)}: ${answer.text}`,
        );
        assertHarmless(operationName(operation), answer);
      }
    }
    for (const [name, token] of Object.entries(forged)) {
      if (name === "two words") continue;
      assertHarmless(`GetUser with ${name}`, await pool(server, "GetUser", { AccessToken: token }));
    }
  });
});
