import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, it } from "node:test";
import { graphemeRules } from "../../tools/grapheme_rules.mts";
import { type Account, makeAccount } from "./support/accounts.ts";
import { call } from "./support/api.ts";
import { type Server, startServer } from "./support/server.ts";

// A client counts with Intl.Segmenter; the server must come to the same number for anything that can be typed.

const limit = 280;
const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
const count = (text: string) => [...segmenter.segment(text)].length;
const turning = /[\u202a-\u202e\u2066-\u2069]/; // refused where they are not closed

/** Each character beside those that its class may join with: letters, marks, joiners, viramas, flags, Hangul, emoji. */
const around = (c: string) =>
  `a${c}a${c}\u0301 \u0915\u094d${c}\u094d${c} \u0915${c}\u0915 \u1100${c}\u1161${c}\u11a8 \u{1f600}\u200d${c}\u200d\u{1f600}\u{1f1e6}${c} \u1039${c}\u1039\u1000`;

function* characters(): Generator<string> {
  for (let code = 0xa0; code <= 0xe01ef; code += 1) {
    if (code >= 0xd800 && code < 0xe000) continue; // half characters
    // What is alike in its thousands: ideographs, Hangul syllables, what is not assigned.
    if (code >= 0x3400 && code < 0x9fff) continue;
    if (code >= 0xac20 && code < 0xd7a0) continue;
    if (code >= 0x20000 && code < 0xe0000) continue;
    const c = String.fromCodePoint(code);
    if (!/\p{Cn}|\p{Co}/u.test(c) && !turning.test(c)) yield c;
  }
}

/** Texts of exactly the limit by the client's count, that hold every character together. */
function* fullTexts(): Generator<string> {
  let text = "x";
  for (const c of characters()) {
    const longer = `${text}${around(c)}`;
    if (count(`${longer}x`) > limit) {
      yield padded(text);
      text = `x${around(c)}`;
    } else {
      text = longer;
    }
  }
  yield padded(text);
}

const padded = (text: string) => text + "x".repeat(limit - count(text));

let server: Server;
let ada: Account;

before(async () => {
  server = await startServer();
  ada = await makeAccount(server);
});
after(() => server.stop());

it("counts every character of Unicode as Intl.Segmenter does", async () => {
  const wrong: string[] = [];
  const send = async (text: string, status: number) => {
    const answer = await call(server, "POST", "/api/activities", {
      token: ada.token,
      json: { message: text, ttl: "1-hour" },
    });
    if (answer.status !== status) wrong.push(`${answer.status} for ${JSON.stringify(text)}`);
  };
  for (const text of fullTexts()) {
    assert.equal(count(text), limit);
    await Promise.all([send(text, 201), send(`${text}x`, 422)]);
  }
  assert.deepEqual(wrong.slice(0, 3), []);
});

it("has the rules that its generator makes of this Unicode", async () => {
  const file = new URL("../../src/domain/grapheme_rules.hpp", import.meta.url);
  assert.equal(
    await readFile(file, "utf8"),
    graphemeRules(),
    "run: node backend/tools/grapheme_rules.mts > backend/src/domain/grapheme_rules.hpp",
  );
});
