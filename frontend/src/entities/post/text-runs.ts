import type { Entity } from "./post";

export interface TextRun {
  // In UTF-16 code units of the message. It is unique, so it serves as a key.
  start: number;
  text: string;
  entity?: Entity;
}

const safeLink = /^https?:\/\//i;

/**
 * Splits a message at its ranges. A range that overlaps another, lies outside or does not link to the web becomes plain text.
 */
export function textRuns(message: string, entities: readonly Entity[]): TextRun[] {
  const runs: TextRun[] = [];
  let at = 0;
  for (const entity of [...entities].sort((a, b) => a.start - b.start)) {
    const { start, end, type, value } = entity;
    if (start < at || end <= start || end > message.length) continue;
    if (type === "link" && !safeLink.test(value)) continue;
    if (start > at) runs.push({ start: at, text: message.slice(at, start) });
    runs.push({ start, text: message.slice(start, end), entity });
    at = end;
  }
  if (at < message.length) runs.push({ start: at, text: message.slice(at) });
  return runs;
}
