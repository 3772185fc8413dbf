import { common } from "./common-passwords";

// How hard a password is to guess, roughly and on this device alone. A hint: what is refused is the server's to say.

export type Strength = "short" | "weak" | "fair" | "good" | "strong";

/** What makes a password easy to guess. */
export type Weakness = "common" | "own" | "pattern";

export interface Estimate {
  strength: Strength;
  weakness?: Weakness;
}

const leastLength = 8; // as the server counts it, or stricter
const longest = 256; // bytes that the server takes; what comes after is not looked at

const bounds: [bits: number, strength: Strength][] = [
  [70, "strong"],
  [55, "good"],
  [38, "fair"],
];

/** Estimates `password`; `own` is what others know of its owner: name, handle, address. */
export function estimate(password: string, own: readonly string[] = []): Estimate {
  if (password.length < leastLength) return { strength: "short" };
  const plain = password.slice(0, longest).toLowerCase().normalize("NFKC");
  if (isCommon(plain)) return { strength: "weak", weakness: "common" };

  const rest = ownParts(own).reduce((text, part) => text.replaceAll(part, ""), plain);
  const whole = bits(plain, password);
  const counted = rest === plain ? whole : bits(rest, password);
  const strength = bounds.find(([least]) => counted >= least)?.[1] ?? "weak";
  if (strength === "strong" || strength === "good") return { strength };
  if (rest !== plain) return { strength, weakness: "own" };
  return unpatterned(plain) < [...plain].length * 0.7
    ? { strength, weakness: "pattern" }
    : { strength };
}

/** A common password, be it with a few digits or signs around it or look-alikes in it. */
function isCommon(plain: string): boolean {
  const core = plain.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, "");
  const spelled = plain.replace(/[@4310$57]/g, (sign) => lookAlikes[sign] ?? sign);
  const forms = [plain, spelled, spelled.replace(/[^\p{L}]+$/gu, "")];
  if (plain.length - core.length <= 4) forms.push(core);
  return forms.some((form) => common.has(form));
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

function ownParts(own: readonly string[]): string[] {
  return own
    .flatMap((text) =>
      text
        .toLowerCase()
        .normalize("NFKC")
        .split(/[^\p{L}\p{N}]+/u),
    )
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

const rows = ["qwertyuiop", "qwertzuiop", "asdfghjkl", "zxcvbnm", "yxcvbnm", "1234567890"];

/** Whether `b` follows `a` in the alphabet, in counting or on a keyboard, forwards or backwards, or is the same. */
function follows(a: string, b: string): boolean {
  if (Math.abs((a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0)) <= 1) return true;
  return rows.some((row) => row.includes(a + b) || row.includes(b + a));
}

/** How many characters there are when one that only goes on with a pattern counts for a fifth. */
function unpatterned(text: string): number {
  const block = /^(.+?)\1+.{0,3}$/su.exec(text)?.[1];
  const characters = [...(block ?? text)];
  let count = block ? 1 : 0;
  characters.forEach((character, index) => {
    const before = characters[index - 1];
    count += before !== undefined && follows(before, character) ? 0.2 : 1;
  });
  return count;
}
