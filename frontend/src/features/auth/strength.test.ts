import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { PasswordFault } from "@/shared/lib/text/password";
import { estimate } from "./strength";

interface Example {
  password: string;
  own: string[];
  fault: PasswordFault | null;
}

const examples: Example[] = JSON.parse(readFileSync("../api/vectors/passwords.json", "utf8"));

it.each(examples)("shows $password as the server judges it", ({ password, own, fault }) => {
  const { strength, weakness } = estimate(password, own);
  expect(strength === "short").toBe(fault === "short");
  if (fault === "easy") expect([strength, weakness]).toEqual(["weak", expect.any(String)]);
});

it.each([
  ["", "short", undefined],
  ["k8#vQ2!", "short", undefined],
  ["password", "weak", "common"],
  ["Passw0rd1!", "weak", "common"],
  ["P@55word", "weak", "common"],
  ["Sommer2026", "weak", "common"],
  ["qwertz123", "weak", "common"],
  ["aaaaaaaaaaaa", "weak", "pattern"],
  ["abcdefghijkl", "weak", "pattern"],
  ["asdfasdfasdf", "weak", "pattern"],
  ["987654321098", "weak", "pattern"],
  ["gobletry", "weak", undefined],
  ["gobletry7K", "fair", undefined],
  ["kettle moss", "fair", undefined],
  ["a good long one", "good", undefined],
  ["notes on the engine", "strong", undefined],
  ["kettle, moss & a lamp", "strong", undefined],
  ["k8#vQ2!mZr0p", "good", undefined],
  ["ключ от старой лодки", "strong", undefined],
])("finds %j %s", (password, strength, weakness) => {
  expect(estimate(password)).toEqual(weakness ? { strength, weakness } : { strength });
});

it("does not count what others know of one", () => {
  const own = ["Ada Lovelace", "ada_l", "countess@example.com"];
  expect(estimate("lovelace1843", own)).toEqual({ strength: "weak", weakness: "own" });
  expect(estimate("Countess-17", own)).toEqual({ strength: "weak", weakness: "own" });
  expect(estimate("lovelace1843").weakness).toBeUndefined();
  expect(estimate("lovelace and nine brass wheels", own)).toEqual({ strength: "strong" });
});

it("stays quick on what is long", () => {
  const start = performance.now();
  estimate("ab".repeat(100_000));
  estimate(`${"a".repeat(20_000)}b`);
  expect(performance.now() - start).toBeLessThan(500);
});
