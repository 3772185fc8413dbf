import { expect, it } from "vitest";
import { ApiProblem, toProblem, Unreachable } from "@/shared/lib/api/problem";
import { wordsFor } from "./error-words";

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
