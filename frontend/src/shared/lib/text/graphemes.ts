const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

export const longestMessageBytes = 8 * 1024; // of UTF-8; the server's bound

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

/** Whether the text keeps the server's bounds: something to say, not over `limit` graphemes, not over the byte bound. */
export function fits(text: string, limit: number): boolean {
  const length = countGraphemes(text);
  if (length === 0 || length > limit) return false;
  return new TextEncoder().encode(normalise(text)).length <= longestMessageBytes;
}

/** The first letter or other grapheme, for monograms. */
export function firstGrapheme(text: string): string {
  for (const { segment } of segmenter.segment(text.trim())) return segment;
  return "";
}
