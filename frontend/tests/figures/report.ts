/** One line of the report, in the form of bin/bench. */
export function report(what: string, value: string | number, goal: string, met?: boolean): void {
  const mark = met === undefined ? "" : met ? "  reached" : "  MISSED";
  const id = what.startsWith(" ") ? "" : "web";
  console.log(`${id.padEnd(5)} ${what.padEnd(62)} ${String(value).padStart(16)}   ${goal}${mark}`);
}
