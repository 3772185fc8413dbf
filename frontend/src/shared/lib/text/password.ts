import { commonPasswords } from "./common-passwords";
import { isBlank } from "./graphemes";

// The server's rules for new passwords, backend/src/domain/password.hpp; both are tested with api/vectors/passwords.json.

export type PasswordFault = "short" | "long" | "easy";

/** What makes a password too easy. */
export type Weakness = "common" | "own" | "pattern";

// Both in code points.
const shortest = 8;
const longest = 256;

/**
 * The same bytes for a password on whatever keyboard it was typed. SRP compares bytes, so every password is normalised before
 * it is used.
 */
export const normalisePassword = (typed: string): string =>
  typed.replace(/\p{Zs}/gu, " ").normalize("NFC");

/** Why a new password is refused, if it is. `personal` is what others know of its owner: name, handle, address. */
export function passwordFault(
  typed: string,
  personal: readonly string[] = [],
): PasswordFault | undefined {
  const password = normalisePassword(typed);
  const length = [...password].length;
  if (length < shortest) return "short";
  if (length > longest) return "long";
  return weaknessOf(password, personal) ? "easy" : undefined;
}

/** What makes a password too easy, if anything does; it may have any length. */
export function weaknessOf(typed: string, personal: readonly string[] = []): Weakness | undefined {
  const password = normalisePassword(typed);
  const text = fold(password);
  if (isCommon(text)) return "common";
  if (isPersonal(text, personal)) return "own";
  const patterned = isBlank(password) || repeatsBlock(text) || countRuns(text) <= 3;
  return patterned ? "pattern" : undefined;
}

const runs = [
  "abcdefghijklmnopqrstuvwxyz",
  "01234567890",
  "qwertyuiop",
  "qwertzuiop",
  "azertyuiop",
  "asdfghjkl",
  "qsdfghjklm",
  "zxcvbnm",
  "yxcvbnm",
  "wxcvbn",
  "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
  "zaq12wsxcde34rfv",
  "1q2w3e4r5t6y7u8i9o0p",
  "q1w2e3r4t5y6u7i8o9p0",
];

// So many characters around a word make it no harder to guess.
const mostPadding = 4;

/** The text without regard to case and width. */
export const fold = (text: string): string => text.normalize("NFKC").toLowerCase();

function repeatsBlock(text: string): boolean {
  const points = [...text];
  return [1, 2, 3, 4].some(
    (size) =>
      2 * size <= points.length &&
      points.every((point, index) => index < size || point === points[index - size]),
  );
}

/** Whether the second character is the same as the first, or its neighbour in the alphabet, in counting or on a keyboard. */
export function continuesRun(first: string, second: string): boolean {
  return (
    first === second ||
    runs.some((run) => run.includes(first + second) || run.includes(second + first))
  );
}

function countRuns(text: string): number {
  const points = [...text];
  return points.filter(
    (point, index) => index === 0 || !continuesRun(points[index - 1] ?? "", point),
  ).length;
}

const lookAlikes: Record<string, string> = {
  "@": "a",
  "4": "a",
  "3": "e",
  "1": "i",
  "0": "o",
  $: "s",
  "5": "s",
  "7": "t",
};

const spellOut = (text: string): string =>
  text.replace(/[@4310$57]/g, (sign) => lookAlikes[sign] ?? sign);

function isCommon(text: string): boolean {
  const stripped = text.replace(/^\P{Alphabetic}+|\P{Alphabetic}+$/gu, "");
  const core = [...text].length - [...stripped].length <= mostPadding ? stripped : text;
  return [text, spellOut(text), core, spellOut(core)].some((form) => commonPasswords.has(form));
}

function isPersonal(text: string, personal: readonly string[]): boolean {
  const words = [
    ...personal.map(fold).flatMap((word) => [word, [...word].reverse().join("")]),
    "cruddur",
  ];
  const parts = words.flatMap((word) => [word, ...word.split(/[^\p{Alphabetic}\p{Nd}]+/u)]);
  const rest = parts
    .filter((part) => [...part].length >= 3)
    .reduce((left, part) => left.replaceAll(part, ""), text);
  if (rest === text) return false;
  return [...rest].length <= mostPadding || countRuns(rest) <= 2;
}
