const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** The text as the server will keep it: line ends as LF, no white space at either end. */
export function normalise(text: string): string {
  return text.replaceAll("\r\n", "\n").trim();
}

/** Length as the server counts it: extended grapheme clusters after trimming. */
export function countGraphemes(text: string): number {
  let count = 0;
  for (const _ of segmenter.segment(normalise(text))) count += 1;
  return count;
}

/** The first letter or other grapheme, for monograms. */
export function firstGrapheme(text: string): string {
  for (const { segment } of segmenter.segment(text.trim())) return segment;
  return "";
}
