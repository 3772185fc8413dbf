import { describe, expect, it } from "vitest";
import { countGraphemes, firstGrapheme, normalise } from "./graphemes";

describe("countGraphemes", () => {
  it.each([
    ["", 0],
    ["   \n\t ", 0],
    ["abc", 3],
    ["  abc \n", 3],
    ["a\r\nb", 3],
    ["e\u0301", 1],
    ["👩‍👩‍👧‍👦", 1],
    ["🇸🇪🇳🇬", 2],
    ["👍🏽!", 2],
    ["각", 1],
  ])("counts %j as %i", (text, length) => {
    expect(countGraphemes(text)).toBe(length);
  });
});

it("keeps line ends inside the text as line feeds", () => {
  expect(normalise("\r\n one\r\ntwo ")).toBe("one\ntwo");
});

it("takes a whole flag as the first grapheme", () => {
  expect(firstGrapheme(" 🇸🇪 Bo")).toBe("🇸🇪");
  expect(firstGrapheme("  ")).toBe("");
});
