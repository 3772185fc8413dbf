const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

const lineEnd = /\r\n?|[\v\f\u0085]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the server refuses them, and nobody could see what to remove
const control = /[\0-\b\x0e-\x1f\x7f-\x9f]/g;
const noncharacter = /\p{Noncharacter_Code_Point}/gu;
// Characters that can be seen: those that are neither white space nor invisible. The Arabic number sign and its like are format
// characters, but are drawn. The same rule as the server's is_blank().
const seen =
  /[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}]|[^\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Noncharacter_Code_Point}\u2800\u{1d159}\u{13441}\u{13442}\u{16fe4}]/u;

/** The text as the server will keep it: line ends as LF, no other control characters, no white space at either end. */
export function normalise(text: string): string {
  return text
    .toWellFormed()
    .replace(lineEnd, "\n")
    .replace(control, "")
    .replace(noncharacter, "")
    .trim();
}

/** Whether the text has no character that can be seen. */
export function isBlank(text: string): boolean {
  return !seen.test(text);
}

/** Length as the server counts it: extended grapheme clusters after trimming. */
export function countGraphemes(text: string): number {
  let count = 0;
  for (const _ of segmenter.segment(normalise(text))) count += 1;
  return count;
}

/** The first letter or other grapheme that can be seen, for monograms. */
export function firstGrapheme(text: string): string {
  for (const { segment } of segmenter.segment(text)) {
    if (!isBlank(segment)) return segment;
  }
  return "";
}
