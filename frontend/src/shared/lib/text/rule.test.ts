import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { normalise } from "./graphemes";
import { bioRule, nameRule, type TextFault, type TextRule, textFault } from "./rule";

interface Example {
  what: string;
  use: "message" | "name" | "bio";
  text: string;
  fault: TextFault | null;
}

const examples: Example[] = JSON.parse(readFileSync("../api/vectors/text.json", "utf8"));
const rules: Record<Example["use"], TextRule> = {
  message: { graphemes: 280 },
  name: nameRule,
  bio: bioRule,
};

it.each(examples)("rules on $what in a $use as the server does", ({ use, text, fault }) => {
  expect(textFault(text, rules[use]) ?? null).toBe(fault);
});

it("leaves nothing that is invalid in a message that is to be sent", () => {
  for (const { use, text, fault } of examples) {
    if (use !== "message" || fault !== "invalid") continue;
    expect(textFault(normalise(text), rules.message)).toBeUndefined();
  }
});
