import { describe, expect, it } from "vitest";
import type { Entity } from "./post";
import { textRuns } from "./text-runs";

const message = "👋 @ada see https://x.org #fun";
const mention: Entity = { type: "mention", start: 3, end: 7, value: "ada" };
const link: Entity = { type: "link", start: 12, end: 25, value: "https://x.org" };
const tag: Entity = { type: "tag", start: 26, end: 30, value: "fun" };

const texts = (entities: Entity[]) => textRuns(message, entities).map(({ text }) => text);

describe("textRuns", () => {
  it("cuts a message at its ranges, counted in UTF-16 code units", () => {
    expect(texts([mention, link, tag])).toEqual([
      "👋 ",
      "@ada",
      " see ",
      "https://x.org",
      " ",
      "#fun",
    ]);
  });

  it("always adds up to the message", () => {
    expect(texts([tag, mention]).join("")).toBe(message);
    expect(texts([]).join("")).toBe(message);
  });

  it("leaves out ranges that overlap, are empty or lie outside", () => {
    const bad: Entity[] = [
      { ...mention, start: 5, end: 9 },
      { ...tag, start: 8, end: 8 },
      { ...tag, start: 26, end: 99 },
    ];
    const runs = textRuns(message, [mention, ...bad]);
    expect(runs.filter((run) => run.entity)).toHaveLength(1);
  });

  it.each(["javascript:alert(1)", "data:text/html,x", "//x.org", ""])(
    "does not link to %j",
    (value) => {
      expect(textRuns(message, [{ ...link, value }]).some((run) => run.entity)).toBe(false);
    },
  );
});
