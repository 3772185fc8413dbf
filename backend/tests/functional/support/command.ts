// How the program ends when it can't do what it is told.
import assert from "node:assert/strict";
import type { Ended } from "./server.ts";

export const usage = 2;
export const failure = 1;

export function assertOneSentence(ended: Ended, code: number, what: RegExp): void {
  assert.equal(ended.code, code, `${ended.stdout}${ended.stderr}`);
  const complaints = ended.stderr.trim().split("\n");
  assert.equal(complaints.length, 1, `more than one line: ${ended.stderr}`);
  assert.match(ended.stderr, /^cruddur: /);
  assert.match(ended.stderr, what);
}
