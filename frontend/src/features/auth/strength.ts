import {
  continuesRun,
  fold,
  passwordFault,
  type Weakness,
  weaknessOf,
} from "@/shared/lib/text/password";

// A rough estimate, made on this device alone, of how hard a password is to guess. What the server would refuse is "short" or
// "weak"; the steps above are only a hint.

export type Strength = "short" | "weak" | "fair" | "good" | "strong";

export interface Estimate {
  strength: Strength;
  weakness?: Weakness;
}

// In characters; the rest of a longer password is not looked at.
const longest = 256;

const bounds: [bits: number, strength: Strength][] = [
  [70, "strong"],
  [55, "good"],
  [38, "fair"],
];

/** Estimates `password`. `personal` is what others know of its owner: name, handle, address. */
export function estimate(password: string, personal: readonly string[] = []): Estimate {
  if (passwordFault(password) === "short") return { strength: "short" };
  const typed = password.slice(0, longest);
  const refused = weaknessOf(typed, personal);
  if (refused) return { strength: "weak", weakness: refused };

  const plain = fold(typed);
  const rest = personalParts(personal).reduce((text, part) => text.replaceAll(part, ""), plain);
  const whole = bits(plain, typed);
  const counted = rest === plain ? whole : bits(rest, typed);
  const strength = bounds.find(([least]) => counted >= least)?.[1] ?? "weak";
  if (strength === "strong" || strength === "good") return { strength };
  if (rest !== plain) return { strength, weakness: "own" };
  return unpatterned(plain) < [...plain].length * 0.7
    ? { strength, weakness: "pattern" }
    : { strength };
}

function personalParts(personal: readonly string[]): string[] {
  return personal
    .flatMap((text) => fold(text).split(/[^\p{L}\p{N}]+/u))
    .filter((part) => [...part].length >= 3);
}

/** Roughly the binary logarithm of the guesses needed: the characters that follow no pattern, times the bits of each. */
function bits(plain: string, typed: string): number {
  const variety = new Set(plain).size;
  return unpatterned(plain) * Math.log2(Math.min(alphabet(typed), variety * 6));
}

function alphabet(text: string): number {
  let size = 0;
  if (/\p{Ll}/u.test(text)) size += 26;
  if (/\p{Lu}/u.test(text)) size += 26;
  if (/\p{N}/u.test(text)) size += 10;
  if (/[^\p{L}\p{N}]/u.test(text)) size += 20;
  if (/\p{Lo}/u.test(text)) size += 200;
  return Math.max(size, 2);
}

/** The number of characters, where one that only continues a pattern counts as a fifth. */
function unpatterned(text: string): number {
  const block = /^(.+?)\1+.{0,3}$/su.exec(text)?.[1];
  const characters = [...(block ?? text)];
  let count = block ? 1 : 0;
  characters.forEach((character, index) => {
    const previous = characters[index - 1];
    count += previous !== undefined && continuesRun(previous, character) ? 0.2 : 1;
  });
  return count;
}
