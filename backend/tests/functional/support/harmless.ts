// What every refusal must be: the client's fault, in the wire's own form, and silent about the inside.
import assert from "node:assert/strict";
import type { Answer } from "./api.ts";

const inside =
  /sqlite|postgres|libpq|pqexec|SELECT |INSERT |backend\/src|\/src\/|\.cpp|\.hpp|std::|boost::|asio|0x[0-9a-f]{6,}|terminate|stack|traceback|\/tmp\/|\/home\//i;

export function assertHarmless(
  what: string,
  answer: Pick<Answer, "status" | "headers" | "text">,
): void {
  const said = `${what}: ${answer.status} ${answer.text.slice(0, 300)}`;
  assert(answer.status >= 400 && answer.status < 500, said);
  const type = answer.headers.get("content-type") ?? "";
  const body = JSON.parse(answer.text);
  if (type.startsWith("application/x-amz-json-1.1")) {
    assert.match(body.__type, /^[A-Z][A-Za-z]+Exception$/, said);
  } else {
    assert.match(type, /^application\/problem\+json/, said);
    assert.equal(body.status, answer.status, said);
    assert.match(body.errors[0], /^[a-z]+(_[a-z]+)*$/, said);
    assert(body.request_id, said);
  }
  assert.doesNotMatch(answer.text, inside, said);
}
