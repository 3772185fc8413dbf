import { describe, expect, it } from "vitest";
import { safeNext, withReturn } from "./paths";

describe("safeNext", () => {
  it.each([
    ["/@ada/status/1?x=1", "/@ada/status/1?x=1"],
    ["/@ada?x=1#replies", "/@ada?x=1#replies"],
    [null, "/"],
    ["", "/"],
    ["https://evil.example/", "/"],
    ["//evil.example/", "/"],
    ["/\\evil.example/", "/"],
    ["/\t/evil.example/", "/"],
    ["/.//evil.example/", "/"],
    ["/x/..//evil.example/", "/"],
    ["javascript:alert(1)", "/"],
  ])("leads %j to %s", (next, path) => expect(safeNext(next)).toBe(path));
});

it("carries the way back and the address along", () => {
  expect(withReturn("/sign-in", "/")).toBe("/sign-in");
  expect(withReturn("/confirm", "/@ada", "a+b@x.org")).toBe(
    "/confirm?email=a%2Bb%40x.org&next=%2F%40ada",
  );
});
