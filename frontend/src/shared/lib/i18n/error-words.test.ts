import { afterEach, expect, it, vi } from "vitest";
import { ApiProblem, toProblem, Unreachable } from "@/shared/lib/api/problem";
import { chooseLanguage } from ".";
import { wordsFor } from "./error-words";

afterEach(() => {
  vi.useRealTimers();
  return chooseLanguage("en");
});

const unknown = "Something went wrong. Try again.";

it("has words for the codes of the API", () => {
  expect(wordsFor(new ApiProblem(422, ["message_exceed_max_chars"]))).toBe("That is too long.");
});

it("uses the first code that it knows", () => {
  expect(wordsFor(new ApiProblem(422, ["made_tomorrow", "ttl_blank"]))).toBe(
    "Choose how long it should live.",
  );
});

it("has words for answers without a code", () => {
  expect(wordsFor(toProblem(502, "<html>"))).toBe("Something broke on our side. Try again.");
  expect(wordsFor(toProblem(418, null))).toBe(unknown);
});

it("has words for the user pool's errors", () => {
  const error = new Error("…");
  error.name = "AliasExistsException";
  expect(wordsFor(error)).toBe("That handle is taken.");
});

it("tells that the server is out of reach", () => {
  expect(wordsFor(new Unreachable())).toContain("can't be reached");
});

it("never shows a name from the object's prototype, nor a raw message", () => {
  expect(wordsFor(new ApiProblem(400, ["constructor"]))).toBe(unknown);
  expect(wordsFor(new Error("secret detail"))).toBe(unknown);
  expect(wordsFor("text")).toBe(unknown);
});

const tooMany = (retryAfter: string | null) =>
  toProblem(429, { errors: ["rate_limited"] }, retryAfter);

it("says how long to wait after a write that was one too many, and when that is over", async () => {
  vi.useFakeTimers({ now: 1_000_000 });
  const problem = tooMany("60");
  expect(wordsFor(problem)).toBe("You're going fast. Try again in 1 minute.");
  vi.setSystemTime(1_022_500);
  expect(wordsFor(problem)).toBe("You're going fast. Try again in 38 seconds.");
  await chooseLanguage("de");
  expect(wordsFor(problem)).toBe("Das geht schnell! Versuch es in 38 Sekunden noch einmal.");
  vi.setSystemTime(1_060_000);
  expect(wordsFor(problem)).toBe("Jetzt kannst du es noch einmal versuchen.");
});

it("makes up no time to wait where the server named none", () => {
  for (const value of [null, "", "soon", "-5", "Wed, 21 Oct 2026 07:28:00 GMT"]) {
    expect(wordsFor(tooMany(value)), `${value}`).toBe("You're going fast. Try again in a minute.");
  }
});
