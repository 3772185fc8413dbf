import { describe, expect, it } from "vitest";
import { countGraphemes, firstGrapheme, isBlank, normalise } from "./graphemes";

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

it("leaves out what the server refuses", () => {
  expect(normalise("\u0085one\u0007\vtwo\ud800\f")).toBe("one\ntwo\ufffd");
});

it.each(["", " \n", "\u200b\u200d", "\u3164", "\u2800", "\u00ad\ufeff"])(
  "finds %j blank",
  (text) => {
    expect(isBlank(text)).toBe(true);
  },
);

it.each(["a", "\u2801", "\u{1fae9}"])("finds %j not blank", (text) => {
  expect(isBlank(text)).toBe(false);
});

it("takes a whole flag as the first grapheme", () => {
  expect(firstGrapheme(" 🇸🇪 Bo")).toBe("🇸🇪");
  expect(firstGrapheme("\u202e\u200bBo")).toBe("B");
  expect(firstGrapheme("  ")).toBe("");
});
