export const codeLength = 10;

// Ten digits as people write them: 1234567890, 12345 67890, 12345-67890.
const grouped = /\d(?:[\s\u2010-\u2015-]?\d){9}/;

/** The digits of a code in typed or pasted text, such as "Your code is 12345 67890." */
export function codeDigits(text: string): string {
  const plain = text.normalize("NFKC");
  return (grouped.exec(plain)?.[0] ?? plain).replace(/\D/g, "").slice(0, codeLength);
}
