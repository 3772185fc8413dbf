import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { assertProblem, type CallOptions, call, expect, post } from "./support/api.ts";
import {
  needsSignIn,
  type Operation,
  operationName,
  operationNamed,
  operations,
} from "./support/contract.ts";
import { assertHarmless } from "./support/harmless.ts";
import { Probe, wrongValues } from "./support/probe.ts";
import type { Server } from "./support/server.ts";
import { engines } from "./support/storage.ts";

const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(
    parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.from(part))),
  );

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
  "past the last code point": bytes(
    '{"message": "',
    [0xf5, 0x80, 0x80, 0x80],
    '", "ttl": "1-hour"}',
  ),
  "half a surrogate pair": '{"message": "\\ud800", "ttl": "1-hour"}',
  "a surrogate pair in the wrong order": '{"message": "\\udc00\\ud800", "ttl": "1-hour"}',
  "UTF-16": Buffer.from('\ufeff{"message": "hi", "ttl": "1-hour"}', "utf16le"),
  "a control character": '{"message": "a\u0001b", "ttl": "1-hour"}',
  "raw bytes": Uint8Array.from({ length: 256 }, (_, i) => i),
};

const hostileTexts = [
  "'",
  "' OR 1=1 --",
  "%",
  "...",
  "../../etc/passwd",
  "%00",
  "\u0000",
  "🦆",
  "a".repeat(3_000),
  "{{7*7}}",
  "$1",
  "<script>",
  "\\",
];

for (const engine of engines) {
  describe(`bad input on ${engine}`, () => {
    let probe: Probe;
    let server: Server;

    before(async () => {
      probe = await Probe.start(engine);
      server = probe.server;
    });
    after(() => probe.end());

    const send = (operation: Operation, options?: CallOptions, target?: string) =>
      probe.send(operation, options, target);
    const withBody = operations.filter((each) => each.requestBody);
    const withParameter = (name: string) =>
      operations.filter((each) => each.path.includes(`{${name}}`));
    const paged = operations.filter((each) =>
      JSON.stringify(each.parameters ?? []).includes("parameters/Limit"),
    );

    it("bodies that are no JSON object are refused on every route that takes one", async () => {
      assert.deepEqual(withBody.map(operationName), [
        "POST /api/activities",
        "POST /cognito-idp/",
        "POST /dev/clock",
        "POST /api/activities/{uuid}/reply",
      ]);
      const rows = probe.storage.count("activities");
      for (const operation of withBody) {
        for (const [name, body] of Object.entries(brokenBodies)) {
          const answer = await send(operation, {
            body,
            headers:
              operation.path === "/cognito-idp/" ? {} : { "content-type": "application/json" },
          });
          assertHarmless(`${operationName(operation)} with ${name}`, answer);
        }
      }
      assert.equal(probe.storage.count("activities"), rows, "and change nothing");
    });

    it("members of the wrong type are refused by name", async () => {
      for (const value of wrongValues) {
        const said = JSON.stringify(value);
        assertHarmless(
          `message ${said}`,
          await send(operationNamed("POST /api/activities"), {
            json: { message: value, ttl: "1-hour" },
          }),
        );
        assertHarmless(
          `reply ${said}`,
          await send(operationNamed("POST /api/activities/{uuid}/reply"), {
            json: { message: value },
          }),
        );
        assertHarmless(
          `ttl ${said}`,
          await send(operationNamed("POST /api/activities"), {
            json: { message: "x", ttl: value },
          }),
        );
        if (value !== 0)
          assertHarmless(
            `seconds ${said}`,
            await send(operationNamed("POST /dev/clock"), { json: { advance_seconds: value } }),
          );
      }
      const answer = await send(operationNamed("POST /api/activities"), {
        json: { message: ["x"], ttl: "1-hour" },
      });
      assertProblem(answer, 422, "message_invalid");
      assert.equal(answer.json.field, "message");
    });

    it("a body over the limit answers 413, whatever the route", async () => {
      const body = JSON.stringify({ message: "x".repeat(70_000), ttl: "1-hour" });
      for (const operation of operations.filter((each) => each.method !== "GET")) {
        const answer = await send(operation, {
          body,
          headers: { "content-type": "application/json" },
        });
        assertProblem(answer, 413, "body_too_large");
      }
    });

    it("a message is bounded in bytes too", async () => {
      const zalgo = `a${"\u0301".repeat(100)}`.repeat(45);
      assert(Buffer.byteLength(zalgo) > 8 * 1024);
      const answer = await send(operationNamed("POST /api/activities"), {
        json: { message: zalgo, ttl: "1-hour" },
      });
      assertProblem(answer, 422, "message_exceed_max_chars");
    });

    it("bodies of another type are refused", async () => {
      for (const type of [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "x",
      ]) {
        for (const name of [
          "POST /api/activities",
          "POST /api/activities/{uuid}/reply",
          "POST /dev/clock",
        ]) {
          const answer = await send(operationNamed(name), {
            body: '{"message":"x","ttl":"1-hour","advance_seconds":0}',
            headers: { "content-type": type },
          });
          assertProblem(answer, 400, "content_type_invalid");
        }
      }
    });

    it("limits and cursors that are none are refused on every list", async () => {
      assert(paged.length >= 4);
      const limits = [
        "0",
        "-1",
        "101",
        "1.5",
        "1e2",
        "0x10",
        "abc",
        "",
        "%00",
        "%2B5",
        "5%20",
        "99999999999999999999",
        "%D9%A1",
      ];
      await post(server, probe.ada.token, "so that home has two pages");
      const home = await expect(200, server, "GET", "/api/activities/home?limit=1");
      const other = home.json.next_cursor;
      assert(other);
      const cursors = [
        "x",
        "!!!",
        "AAAA",
        "A".repeat(3_000),
        "%00",
        "%FF%FE",
        randomUUID(),
        Buffer.alloc(17, 9).toString("base64url"),
        "null",
        "-1",
        "' OR 1=1",
      ];
      for (const operation of paged) {
        for (const limit of limits) {
          const answer = await send(operation, {}, `${probe.path(operation)}?limit=${limit}`);
          assertProblem(answer, 422, "limit_invalid");
        }
        for (const cursor of cursors) {
          const query = encodeURIComponent(decodeURIComponentSafely(cursor));
          const answer = await send(operation, {}, `${probe.path(operation)}?cursor=${query}`);
          assertProblem(answer, 422, "cursor_invalid");
        }
      }
      const foreign = await call(server, "GET", `/api/activities/${probe.uuid}?cursor=${other}`);
      assertProblem(foreign, 422, "cursor_invalid");
    });

    it("ids and handles that are none are not found, on every route that takes one", async () => {
      const { uuid } = probe;
      const never = [
        randomUUID(),
        "0",
        "x",
        `{${uuid}}`,
        uuid.replaceAll("-", ""),
        `${uuid}0`,
        uuid.slice(1),
        "00000000-0000-0000-0000-000000000000",
      ];
      for (const operation of withParameter("uuid")) {
        const json = operation.requestBody ? { message: "x" } : undefined;
        for (const value of [...never, ...hostileTexts]) {
          const target = probe.path(operation, { uuid: encodeURIComponent(value) });
          const answer = await send(operation, { json }, target);
          assertHarmless(`${operationName(operation)} for ${value.slice(0, 40)}`, answer);
          assert([404, 405, 400].includes(answer.status), answer.text);
        }
      }
      for (const operation of withParameter("handle")) {
        for (const value of ["nobody_here", "a", "", "a b", "@", "a".repeat(31), ...hostileTexts]) {
          const target = probe.path(operation, { handle: encodeURIComponent(value) });
          const answer = await send(operation, {}, target);
          assertHarmless(`${operationName(operation)} for ${value.slice(0, 40)}`, answer);
          assert([404, 400].includes(answer.status), answer.text);
        }
      }
    });

    it("unknown paths below the API are problems for programs, never a page", async () => {
      for (const path of [
        "/api/",
        "/api/nonsense",
        "/api/activities/home/more",
        "/api/users/@x/y",
        "/dev/",
        "/dev/nonsense",
        "/cognito-idp/x",
      ]) {
        for (const method of ["GET", "POST", "DELETE"]) {
          const answer = await call(server, method, path, { headers: { accept: "text/html,*/*" } });
          assertProblem(answer, 404, "path_not_found");
        }
      }
    });

    it("whoever does not sign in changes nothing, and methods that are none are refused", async () => {
      for (const operation of operations.filter(needsSignIn)) {
        const answer = await call(server, operation.method, probe.path(operation));
        assertProblem(answer, 401, "unauthenticated");
      }
      for (const operation of operations) {
        const has = operations
          .filter((each) => each.path === operation.path)
          .map((each) => each.method);
        for (const method of ["PUT", "PATCH", "DELETE", "POST"].filter(
          (each) => !has.includes(each),
        )) {
          const path = probe.path(operation);
          if (operations.some((each) => each.method === method && each.pattern.test(path)))
            continue;
          const answer = await call(server, method, path);
          assertHarmless(`${method} ${path}`, answer);
          assertProblem(answer, 405, "method_not_allowed");
          assert(
            has.every((each) => answer.headers.get("allow")?.includes(each)),
            answer.headers.get("allow") ?? "",
          );
        }
      }
    });
  });
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
