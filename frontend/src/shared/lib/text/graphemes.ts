const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

const lineEnd = /\r\n?|[\v\f\u0085]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the server refuses them, and nobody could see what to remove
const control = /[\0-\b\x0e-\x1f\x7f-\x9f]/g;
// White space and what is drawn as nothing; as the server's is_blank().
const blank = /^[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Co}]*$/u;

/** The text as the server will keep it: line ends as LF, no other control characters, no white space at either end. */
export function normalise(text: string): string {
  return text.toWellFormed().replace(lineEnd, "\n").replace(control, "").trim();
}

/** Whether there is nothing in it that could be seen. */
export function isBlank(text: string): boolean {
  return blank.test(text);
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
