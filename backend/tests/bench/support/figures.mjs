// Medians, and lines of the report.
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function report(id, what, value, goal, met) {
  const mark = met === undefined ? "" : met ? "  reached" : "  MISSED";
  console.log(`${id.padEnd(5)} ${what.padEnd(62)} ${String(value).padStart(16)}   ${goal}${mark}`);
}

export const round = (value, digits = 2) => Number(value.toFixed(digits));

// Three digits that say something.
export const brief = (value) =>
  Number.isFinite(value) ? String(Number(value.toPrecision(value >= 1000 ? 4 : 3))) : "-";
