import assert from "node:assert/strict";
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { type Account, makeAccounts, pool } from "./support/accounts.ts";
import { assertProblem, call, type CallOptions, expect, post } from "./support/api.ts";
import { needsSignIn, type Operation, operationName, operations, takesToken } from "./support/contract.ts";
import { assertHarmless } from "./support/harmless.ts";
import { type Server, startServer } from "./support/server.ts";
import { engines, Storage } from "./support/storage.ts";
import { decodeToken, signedHs256, signedRs256, unsigned } from "./support/tokens.ts";

const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.from(part))));

// Bodies that are no JSON object in UTF-8.
const brokenBodies: Record<string, string | Uint8Array> = {
  "no body": "",
  "white space": "  \n",
  null: "null",
  "an array": "[]",
  "a number": "42",
  "a text": '"message"',
  "half an object": '{"message": "hi"',
  "two objects": "{}{}",
  "single quotes": "{'message': 'hi'}",
  "a trailing comma": '{"message": "hi",}',
  "a comment": '{"message": "hi" /* there */}',
  NaN: '{"advance_seconds": NaN}',
  "deep arrays": "[".repeat(50_000),
  "deep objects": '{"a":'.repeat(10_000),
  "deep and closed": `{"message": ${"[".repeat(5_000)}${"]".repeat(5_000)}}`,
  "a byte that begins nothing": bytes('{"message": "', [0xff], '", "ttl": "1-hour"}'),
  "a sequence cut short": bytes('{"message": "', [0xe2, 0x82], '", "ttl": "1-hour"}'),
  "an overlong sequence": bytes('{"message": "', [0xc0, 0xaf], '", "ttl": "1-hour"}'),
  "a surrogate in UTF-8": bytes('{"message": "', [0xed, 0xa0, 0x80], '", "ttl": "1-hour"}'),
  "past the last code point": bytes('{"message": "', [0xf5, 0x80, 0x80, 0x80], '", "ttl": "1-hour"}'),
  "half a surrogate pair": '{"message": "\\ud800", "ttl": "1-hour"}',
  "a surrogate pair in the wrong order": '{"message": "\\udc00\\ud800", "ttl": "1-hour"}',
  "UTF-16": Buffer.from('\ufeff{"message": "hi", "ttl": "1-hour"}', "utf16le"),
  "a control character": '{"message": "a\u0001b", "ttl": "1-hour"}',
  "raw bytes": Uint8Array.from({ length: 256 }, (_, i) => i),
};

// Members of the wrong type or kind, in an object that would else be fine.
const wrongValues: unknown[] = [null, true, 0, -1, 1.5, 1e300, [], ["a"], {}, { message: "x" }, "", "\u0000", "a\u0000b", "\u202e\u0007"];

const hostileTexts = ["'", "' OR 1=1 --", "%", "...", "../../etc/passwd", "%00", "\u0000", "🦆", "a".repeat(3_000), "{{7*7}}", "$1", "<script>", "\\"];

for (const engine of engines) {
  describe(`bad input on ${engine}`, () => {
    let storage: Storage;
    let server: Server;
    let ada: Account;
    let uuid: string;

    before(async () => {
      storage = new Storage(engine);
      server = await startServer({ ...storage.settings, CLOCK_MOVABLE: "true" });
      [ada] = (await makeAccounts(server, 1)) as [Account];
      uuid = (await post(server, ada.token, "what all is about")).uuid;
    });
    after(async () => {
      const health = await call(server, "GET", "/api/health-check");
      await server.stop();
      storage[Symbol.dispose]();
      assert.equal(health.json.status, "ok", "the server is well after all that");
      assert.deepEqual(server.logged(" error ").slice(0, 3), [], "nothing went wrong inside");
    });

    const fill = (operation: Operation, values: Record<string, string> = {}) => {
      const all: Record<string, string> = { handle: ada.handle, uuid, pool_id: "local_Cruddur", ...values };
      return operation.path.replace(/\{([^}]+)\}/g, (_, name: string) => all[name] as string);
    };
    const send = (operation: Operation, options: CallOptions = {}, values?: Record<string, string>, query = "") => {
      const headers = { ...options.headers };
      if (operation.path === "/cognito-idp/") {
        headers["x-amz-target"] ??= "AWSCognitoIdentityProviderService.SignUp";
        headers["content-type"] ??= "application/x-amz-json-1.1";
      }
      const token = options.token ?? (needsSignIn(operation) ? ada.token : undefined);
      return call(server, operation.method, fill(operation, values) + query, { ...options, headers, token });
    };
    const withBody = operations.filter((each) => each.requestBody);
    const withParameter = (name: string) => operations.filter((each) => each.path.includes(`{${name}}`));
    const paged = operations.filter((each) => JSON.stringify(each.parameters ?? []).includes("parameters/Limit"));

    it("bodies that are no JSON object are refused on every route that takes one", async () => {
      assert.deepEqual(withBody.map(operationName), ["POST /api/activities", "POST /cognito-idp/", "POST /dev/clock", "POST /api/activities/{uuid}/reply"]);
      const rows = storage.count("activities");
      for (const operation of withBody) {
        for (const [name, body] of Object.entries(brokenBodies)) {
          const answer = await send(operation, { body, headers: operation.path === "/cognito-idp/" ? {} : { "content-type": "application/json" } });
          assertHarmless(`${operationName(operation)} with ${name}`, answer);
        }
      }
      assert.equal(storage.count("activities"), rows, "and change nothing");
    });

    it("members of the wrong type are refused by name", async () => {
      for (const value of wrongValues) {
        const said = JSON.stringify(value);
        assertHarmless(`message ${said}`, await send(find("POST /api/activities"), { json: { message: value, ttl: "1-hour" } }));
        assertHarmless(`reply ${said}`, await send(find("POST /api/activities/{uuid}/reply"), { json: { message: value } }));
        assertHarmless(`ttl ${said}`, await send(find("POST /api/activities"), { json: { message: "x", ttl: value } }));
        if (value !== 0) assertHarmless(`seconds ${said}`, await send(find("POST /dev/clock"), { json: { advance_seconds: value } }));
      }
      const answer = await send(find("POST /api/activities"), { json: { message: ["x"], ttl: "1-hour" } });
      assertProblem(answer, 422, "message_invalid");
      assert.equal(answer.json.field, "message");
    });

    it("every operation of the user pool refuses members of the wrong type", async () => {
      const calls: Record<string, object> = {
        SignUp: { ClientId: "cruddur-web", Username: "x@example.com", Password: "long enough", UserAttributes: [{ Name: "name", Value: "x" }] },
        ConfirmSignUp: { ClientId: "cruddur-web", Username: "x@example.com", ConfirmationCode: "123456" },
        ResendConfirmationCode: { ClientId: "cruddur-web", Username: "x@example.com" },
        InitiateAuth: { ClientId: "cruddur-web", AuthFlow: "USER_PASSWORD_AUTH", AuthParameters: { USERNAME: "x@example.com", PASSWORD: "x" } },
        RespondToAuthChallenge: {
          ClientId: "cruddur-web",
          ChallengeName: "PASSWORD_VERIFIER",
          ChallengeResponses: { USERNAME: "x", PASSWORD_CLAIM_SECRET_BLOCK: "eA==", TIMESTAMP: "Sat Sep 5 07:08:09 UTC 2026", PASSWORD_CLAIM_SIGNATURE: "eA==" },
        },
        GetTokensFromRefreshToken: { ClientId: "cruddur-web", RefreshToken: "x" },
        RevokeToken: { ClientId: "cruddur-web", Token: "a.b.c" },
        GlobalSignOut: { AccessToken: "x" },
        ForgotPassword: { ClientId: "cruddur-web", Username: "x@example.com" },
        ConfirmForgotPassword: { ClientId: "cruddur-web", Username: "x@example.com", ConfirmationCode: "1", Password: "long enough" },
        ChangePassword: { AccessToken: "x", PreviousPassword: "x", ProposedPassword: "long enough" },
        GetUser: { AccessToken: "x" },
        UpdateUserAttributes: { AccessToken: "x", UserAttributes: [{ Name: "email", Value: "y@example.com" }] },
        GetUserAttributeVerificationCode: { AccessToken: "x", AttributeName: "email" },
        VerifyUserAttribute: { AccessToken: "x", AttributeName: "email", Code: "123456" },
        DeleteUser: { AccessToken: "x" },
      };
      for (const [operation, good] of Object.entries(calls)) {
        for (const name of Object.keys(good)) {
          for (const value of [...wrongValues, "x".repeat(50_000), [[[]]], [{ Name: 1, Value: [] }], { SRP_A: {} }]) {
            if (name === "UserAttributes" && (value === null || (Array.isArray(value) && value.length === 0))) continue;
            const answer = await pool(server, operation, { ...good, [name]: value });
            // A name or token that nobody has is no mistake to be told of, for these.
            const tellsNothing = ["ResendConfirmationCode", "ForgotPassword", "RevokeToken"].includes(operation);
            if (tellsNothing && typeof value === "string" && answer.status === 200) continue;
            assertHarmless(`${operation} with ${name} ${JSON.stringify(value).slice(0, 40)}`, answer);
          }
        }
      }
      for (const share of ["", "0", "00", "zz", "-1", "f".repeat(769), "0".repeat(768)]) {
        const body = { ClientId: "cruddur-web", AuthFlow: "USER_SRP_AUTH", AuthParameters: { USERNAME: "x@example.com", SRP_A: share } };
        assertHarmless(`SRP_A ${share.slice(0, 10)}`, await pool(server, "InitiateAuth", body));
      }
      for (const target of ["", "SignUp", "AWSCognitoIdentityProviderService.", "AWSCognitoIdentityProviderService.signup", "x".repeat(5_000)]) {
        const answer = await send(find("POST /cognito-idp/"), { body: "{}", headers: { "x-amz-target": target } });
        assertHarmless(`target ${target.slice(0, 50)}`, answer);
      }
    });

    it("a body over the limit answers 413, whatever the route", async () => {
      const body = JSON.stringify({ message: "x".repeat(70_000), ttl: "1-hour" });
      for (const operation of operations.filter((each) => each.method !== "GET")) {
        const answer = await send(operation, { body, headers: { "content-type": "application/json" } });
        assertProblem(answer, 413, "body_too_large");
      }
    });

    it("a message is bounded in bytes too", async () => {
      const zalgo = `a${"\u0301".repeat(100)}`.repeat(45);
      assert(Buffer.byteLength(zalgo) > 8 * 1024);
      const answer = await send(find("POST /api/activities"), { json: { message: zalgo, ttl: "1-hour" } });
      assertProblem(answer, 422, "message_exceed_max_chars");
    });

    it("bodies of another type are refused", async () => {
      for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", "x"]) {
        for (const name of ["POST /api/activities", "POST /api/activities/{uuid}/reply", "POST /dev/clock"]) {
          const answer = await send(find(name), { body: '{"message":"x","ttl":"1-hour","advance_seconds":0}', headers: { "content-type": type } });
          assertProblem(answer, 400, "content_type_invalid");
        }
      }
    });

    it("limits and cursors that are none are refused on every list", async () => {
      assert(paged.length >= 4);
      const limits = ["0", "-1", "101", "1.5", "1e2", "0x10", "abc", "", "%00", "%2B5", "5%20", "99999999999999999999", "%D9%A1"];
      const other = (await expect(200, server, "GET", "/api/activities/home?limit=1")).json.next_cursor;
      const cursors = ["x", "!!!", "AAAA", "A".repeat(3_000), "%00", "%FF%FE", randomUUID(), Buffer.alloc(17, 9).toString("base64url"), "null", "-1", "' OR 1=1"];
      for (const operation of paged) {
        for (const limit of limits) {
          const answer = await send(operation, {}, {}, `?limit=${limit}`);
          assertProblem(answer, 422, "limit_invalid");
        }
        for (const cursor of cursors) {
          const answer = await send(operation, {}, {}, `?cursor=${encodeURIComponent(decodeURIComponentSafely(cursor))}`);
          assertProblem(answer, 422, "cursor_invalid");
        }
      }
      if (other) assertProblem(await call(server, "GET", `/api/activities/${uuid}?cursor=${other}`), 422, "cursor_invalid");
    });

    it("ids and handles that are none are not found, on every route that takes one", async () => {
      const never = [randomUUID(), "0", "x", `{${uuid}}`, uuid.replaceAll("-", ""), `${uuid}0`, uuid.slice(1), "00000000-0000-0000-0000-000000000000"];
      for (const operation of withParameter("uuid")) {
        const json = operation.requestBody ? { message: "x" } : undefined;
        for (const value of [...never, ...hostileTexts]) {
          const answer = await send(operation, { json }, { uuid: encodeURIComponent(value) });
          assertHarmless(`${operationName(operation)} for ${value.slice(0, 40)}`, answer);
          assert([404, 405, 400].includes(answer.status), answer.text);
        }
      }
      for (const operation of withParameter("handle")) {
        for (const value of ["nobody_here", "a", "", "a b", "@", "a".repeat(31), ...hostileTexts]) {
          const answer = await send(operation, {}, { handle: encodeURIComponent(value) });
          assertHarmless(`${operationName(operation)} for ${value.slice(0, 40)}`, answer);
          assert([404, 400].includes(answer.status), answer.text);
        }
      }
    });

    it("tokens that are forged, foreign or meant for something else are refused on every route that looks at one", async () => {
      const { header, payload, signature } = decodeToken(ada.token);
      const [head, body] = ada.token.split(".") as [string, string];
      const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 });
      const jwk = (await expect(200, server, "GET", "/local_Cruddur/.well-known/jwks.json")).json.keys[0];
      const later = { ...payload, exp: payload.exp + 86_400 };
      const other = (claims: object) => `${head}.${Buffer.from(JSON.stringify({ ...payload, ...claims })).toString("base64url")}.${signature}`;
      const forged: Record<string, string> = {
        "without a signature": unsigned({ ...header, alg: "none" }, payload),
        "alg none, with the signature": `${Buffer.from('{"alg":"none"}').toString("base64url")}.${body}.${signature}`,
        "alg nOnE": unsigned({ ...header, alg: "nOnE" }, payload),
        "an empty signature": `${head}.${body}.`,
        "another's sub": other({ sub: randomUUID(), username: randomUUID() }),
        "a later end": other(later),
        "a foreign key under our key id": signedRs256(header, later, stranger.privateKey),
        "a foreign key of its own": signedRs256({ alg: "RS256", kid: "foreign", jwk: stranger.publicKey.export({ format: "jwk" }) }, payload, stranger.privateKey),
        "a key by address": signedRs256({ alg: "RS256", kid: "x", jku: "http://127.0.0.1:1/jwks.json" }, payload, stranger.privateKey),
        "a foreign issuer": signedRs256(header, { ...payload, iss: "https://evil.example/local_Cruddur" }, stranger.privateKey),
        "HMAC with the public key": signedHs256({ ...header, alg: "HS256" }, payload, jwk.n),
        "HMAC with the public key's bytes": signedHs256({ ...header, alg: "HS256" }, payload, Buffer.from(jwk.n, "base64url")),
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
          const answer = await send(operation, { token, json });
          assertHarmless(`${operationName(operation)} with ${name}`, answer);
          assertProblem(answer, 401, "token_invalid");
          assert.match(answer.headers.get("www-authenticate") ?? "", /^Bearer /);
        }
        for (const authorization of ["Bearer", "Basic YTpi", "Token x", "Bearer\t", ada.token, `bearer${ada.token}`]) {
          const answer = await call(server, operation.method, fill(operation), { headers: { authorization } });
          assert.equal(answer.status, 401, `${operationName(operation)} with ${authorization.slice(0, 20)}: ${answer.text}`);
          assertHarmless(operationName(operation), answer);
        }
      }
      for (const [name, token] of Object.entries(forged)) {
        if (name === "two words") continue;
        assertHarmless(`GetUser with ${name}`, await pool(server, "GetUser", { AccessToken: token }));
      }
    });

    it("unknown paths below the API are problems for programs, never a page", async () => {
      for (const path of ["/api/", "/api/nonsense", "/api/activities/home/more", "/api/users/@x/y", "/dev/", "/dev/nonsense", "/cognito-idp/x"]) {
        for (const method of ["GET", "POST", "DELETE"]) {
          const answer = await call(server, method, path, { headers: { accept: "text/html,*/*" } });
          assertProblem(answer, 404, "path_not_found");
        }
      }
    });

    it("whoever does not sign in changes nothing, and methods that are none are refused", async () => {
      for (const operation of operations.filter(needsSignIn)) {
        const answer = await call(server, operation.method, fill(operation));
        assertProblem(answer, 401, "unauthenticated");
      }
      for (const operation of operations) {
        const has = operations.filter((each) => each.path === operation.path).map((each) => each.method);
        for (const method of ["PUT", "PATCH", "DELETE", "POST"].filter((each) => !has.includes(each))) {
          const path = fill(operation);
          if (operations.some((each) => each.method === method && each.pattern.test(path))) continue;
          const answer = await call(server, method, path);
          assertHarmless(`${method} ${path}`, answer);
          assertProblem(answer, 405, "method_not_allowed");
          assert(has.every((each) => answer.headers.get("allow")?.includes(each)), answer.headers.get("allow") ?? "");
        }
      }
    });
  });
}

function find(name: string): Operation {
  const found = operations.find((each) => operationName(each) === name);
  assert(found, name);
  return found;
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
