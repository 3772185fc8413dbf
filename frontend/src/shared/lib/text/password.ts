import { commonPasswords } from "./common-passwords";
import { isBlank } from "./graphemes";

// The server's rules for new passwords, backend/src/domain/password.hpp; both are tested with api/vectors/passwords.json.

export type PasswordFault = "short" | "long" | "easy";

/** What makes a password too easy. */
export type Weakness = "common" | "own" | "pattern";

const least = 8; // code points
const most = 256; // code points

/** The one spelling of a password, whatever keyboard it was typed on. SRP proves what is given to it, so it is spelled before. */
export const normalisePassword = (typed: string): string =>
  typed.replace(/\p{Zs}/gu, " ").normalize("NFC");

/** Why a new password is refused, if it is; `own` is what others know of its owner: name, handle, address. */
export function passwordFault(
  typed: string,
  own: readonly string[] = [],
): PasswordFault | undefined {
  const password = normalisePassword(typed);
  const length = [...password].length;
  if (length < least) return "short";
  if (length > most) return "long";
  return weaknessOf(password, own) ? "easy" : undefined;
}

/** What makes a password too easy, if anything does; it may have any length. */
export function weaknessOf(typed: string, own: readonly string[] = []): Weakness | undefined {
  const password = normalisePassword(typed);
  const text = fold(password);
  if (isCommon(text)) return "common";
  if (isOwn(text, own)) return "own";
  const patterned = isBlank(password) || repeatsABlock(text) || countRuns(text) <= 3;
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

const mostAround = 4; // characters around a word that make it no harder to guess

/** As people think of it, without regard to case and width. */
export const fold = (text: string): string => text.normalize("NFKC").toLowerCase();

function repeatsABlock(text: string): boolean {
  const points = [...text];
  return [1, 2, 3, 4].some(
    (size) =>
      2 * size <= points.length &&
      points.every((point, index) => index < size || point === points[index - size]),
  );
}

/** Whether a character goes on with the one before, in the alphabet, in counting or on a keyboard, or is the same. */
export function goesOn(before: string, after: string): boolean {
  return (
    before === after ||
    runs.some((run) => run.includes(before + after) || run.includes(after + before))
  );
}

function countRuns(text: string): number {
  const points = [...text];
  return points.filter((point, index) => index === 0 || !goesOn(points[index - 1] ?? "", point))
    .length;
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
  const core = [...text].length - [...stripped].length <= mostAround ? stripped : text;
  return [text, spellOut(text), core, spellOut(core)].some((form) => commonPasswords.has(form));
}

function isOwn(text: string, own: readonly string[]): boolean {
  const words = [
    ...own.map(fold).flatMap((word) => [word, [...word].reverse().join("")]),
    "cruddur",
  ];
  const parts = words.flatMap((word) => [word, ...word.split(/[^\p{Alphabetic}\p{Nd}]+/u)]);
  const rest = parts
    .filter((part) => [...part].length >= 3)
    .reduce((left, part) => left.replaceAll(part, ""), text);
  if (rest === text) return false;
  return [...rest].length <= mostAround || countRuns(rest) <= 2;
}
