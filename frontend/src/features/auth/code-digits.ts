export const codeLength = 6;

// Six digits as people write them: 123456, 123 456, 123-456.
const grouped = /\d(?:[\s\u2010-\u2015-]?\d){5}/;

/** The digits of a code in typed or pasted text, such as "Your code is 123 456." */
export function codeDigits(text: string): string {
  const plain = text.normalize("NFKC");
  return (grouped.exec(plain)?.[0] ?? plain).replace(/\D/g, "").slice(0, codeLength);
}
