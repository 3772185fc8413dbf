import { isBlank, normalise } from "./graphemes";

// Which texts the server takes, so that a fault is shown before anything is sent. The rule is that of
// backend/src/domain/text.hpp, which gives the reasons for its bounds; both are tested with api/vectors/text.json.

export type TextFault = "invalid" | "blank" | "long" | "marks" | "directions";

export interface TextRule {
  graphemes: number;
  oneLine?: boolean;
  /** Whether characters that change the direction of text are refused altogether, not only when they are left open. */
  noDirections?: boolean;
  mayBeBlank?: boolean;
}

export const nameRule: TextRule = { graphemes: 50, oneLine: true, noDirections: true };
export const bioRule: TextRule = { graphemes: 160, mayBeBlank: true };

const pointsOfGrapheme = 32;

// biome-ignore lint/suspicious/noControlCharactersInRegex: the server refuses them
const refused = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\p{Noncharacter_Code_Point}\p{Cs}]/u;
const lineEnds = /[\t\n\r\u2028\u2029]/;
const piledUp = /\p{M}(?:\p{Cf}*\p{M}){10}/u;
const turning = /[\u202a-\u202e\u2066-\u2069]/;

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** What is wrong with a text as it was typed, if anything is. */
export function textFault(typed: string, rule: TextRule): TextFault | undefined {
  const text = typed.trim();
  if (refused.test(text) || (rule.oneLine && lineEnds.test(text))) return "invalid";
  if (isBlank(text)) return rule.mayBeBlank ? undefined : "blank";
  if (piledUp.test(text)) return "marks";
  let count = 0;
  let longest = 0;
  for (const { segment } of segmenter.segment(normalise(text))) {
    count += 1;
    if (segment.length > pointsOfGrapheme) longest = Math.max(longest, [...segment].length);
  }
  if (count > rule.graphemes) return "long";
  if (longest > pointsOfGrapheme) return "marks";
  const refusedTurn = rule.noDirections ? turning.test(text) : !closesDirections(text);
  return refusedTurn ? "directions" : undefined;
}

const closedBy: Record<string, string> = {
  "\u202a": "\u202c",
  "\u202b": "\u202c",
  "\u202d": "\u202c",
  "\u202e": "\u202c",
  "\u2066": "\u2069",
  "\u2067": "\u2069",
  "\u2068": "\u2069",
};

/** Whether every change of direction is closed by its own kind of character before its line ends. */
function closesDirections(text: string): boolean {
  if (!turning.test(text)) return true;
  const open: string[] = [];
  for (const sign of text) {
    const end = closedBy[sign];
    if (end) open.push(end);
    else if (/[\u202c\u2069]/.test(sign) && open.pop() !== sign) return false;
    else if (/[\n\r\u2029]/.test(sign) && open.length > 0) return false;
  }
  return open.length === 0;
}
