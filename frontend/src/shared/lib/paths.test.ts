import { describe, expect, it } from "vitest";
import { paths, safeNext, withReturn } from "./paths";

it("leads to a post by its author, and to one without author by its id alone", () => {
  expect(paths.post({ author: { handle: "ada" }, uuid: "u1" })).toBe("/@ada/status/u1");
  expect(paths.post({ author: null, uuid: "u1" })).toBe("/status/u1");
});

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
