import { fold, goesOn, passwordFault, type Weakness, weaknessOf } from "@/shared/lib/text/password";

// How hard a password is to guess, roughly and on this device alone. What the server refuses is weak here; the steps above that
// are a hint.

export type Strength = "short" | "weak" | "fair" | "good" | "strong";

export interface Estimate {
  strength: Strength;
  weakness?: Weakness;
}

const longest = 256; // characters; what comes after is not looked at

const bounds: [bits: number, strength: Strength][] = [
  [70, "strong"],
  [55, "good"],
  [38, "fair"],
];

/** Estimates `password`; `own` is what others know of its owner: name, handle, address. */
export function estimate(password: string, own: readonly string[] = []): Estimate {
  if (passwordFault(password) === "short") return { strength: "short" };
  const typed = password.slice(0, longest);
  const refused = weaknessOf(typed, own);
  if (refused) return { strength: "weak", weakness: refused };

  const plain = fold(typed);
  const rest = ownParts(own).reduce((text, part) => text.replaceAll(part, ""), plain);
  const whole = bits(plain, typed);
  const counted = rest === plain ? whole : bits(rest, typed);
  const strength = bounds.find(([least]) => counted >= least)?.[1] ?? "weak";
  if (strength === "strong" || strength === "good") return { strength };
  if (rest !== plain) return { strength, weakness: "own" };
  return unpatterned(plain) < [...plain].length * 0.7
    ? { strength, weakness: "pattern" }
    : { strength };
}

function ownParts(own: readonly string[]): string[] {
  return own
    .flatMap((text) => fold(text).split(/[^\p{L}\p{N}]+/u))
    .filter((part) => [...part].length >= 3);
}

/** Bits of guessing: characters that follow no pattern, times what each could have been. */
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

/** How many characters there are when one that only goes on with a pattern counts for a fifth. */
function unpatterned(text: string): number {
  const block = /^(.+?)\1+.{0,3}$/su.exec(text)?.[1];
  const characters = [...(block ?? text)];
  let count = block ? 1 : 0;
  characters.forEach((character, index) => {
    const before = characters[index - 1];
    count += before !== undefined && goesOn(before, character) ? 0.2 : 1;
  });
  return count;
}
