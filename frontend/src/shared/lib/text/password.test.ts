import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { commonPasswords } from "./common-passwords";
import { normalisePassword, type PasswordFault, passwordFault } from "./password";

interface Example {
  password: string;
  own: string[];
  fault: PasswordFault | null;
}

const examples: Example[] = JSON.parse(readFileSync("../api/vectors/passwords.json", "utf8"));

it.each(examples)("judges $password as the server does", ({ password, own, fault }) => {
  expect(passwordFault(password, own) ?? null).toBe(fault);
});

it("gives a password one spelling", () => {
  expect(normalisePassword("a\u0308\u00a0b\u3000c")).toBe("\u00e4 b c");
});

it("knows the server's list of common passwords", () => {
  const header = readFileSync("../backend/src/domain/common_passwords.hpp", "utf8");
  const text = [...header.matchAll(/^\s+"([^"]*)"/gm)].map((line) => line[1]).join("");
  expect(text.trim().split(" ")).toEqual([...commonPasswords]);
});
