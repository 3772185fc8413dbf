// What the browser itself tells of a page: paints, layout shifts, and how long interactions took.
import type { BrowserContext, Page } from "playwright-core";

/** One unexpected move of what is on the screen, with whatever moved most. */
export interface Shift {
  value: number;
  what: string;
}

/** One tap, click or key press, from the input to the next paint. */
export interface Interaction {
  id: number;
  name: string;
  duration: number; // ms, in steps of 8
}

export interface Vitals {
  firstPaint: number; // ms
  largestPaint: number; // ms
  shifts: Shift[];
  interactions: Interaction[];
}

/** Has every page of the context take notes from its first moment. */
export async function observe(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const vitals: Vitals = { firstPaint: 0, largestPaint: 0, shifts: [], interactions: [] };
    Object.assign(window, { vitals });

    const on = (type: string, note: (entry: PerformanceEntry) => void, options = {}) =>
      new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({
        type,
        buffered: true,
        ...options,
      });

    on("paint", (entry) => {
      if (entry.name === "first-contentful-paint") vitals.firstPaint = entry.startTime;
    });
    on("largest-contentful-paint", (entry) => {
      vitals.largestPaint = entry.startTime;
    });
    on("layout-shift", (entry) => {
      const shift = entry as PerformanceEntry & {
        value: number;
        hadRecentInput: boolean;
        sources: { node?: Node }[];
      };
      // A countdown's own figures change and move nothing else.
      const moved = shift.sources.filter(
        ({ node }) =>
          !(node instanceof Element ? node : node?.parentElement)?.closest(".life-label"),
      );
      if (shift.hadRecentInput || (shift.sources.length > 0 && moved.length === 0)) return;
      const node = moved[0]?.node;
      const what = node instanceof Element ? node.outerHTML.slice(0, 160) : String(node);
      vitals.shifts.push({ value: shift.value, what });
    });
    on(
      "event",
      (entry) => {
        const { interactionId, name, duration } = entry as PerformanceEventTiming & {
          interactionId: number;
        };
        if (interactionId) vitals.interactions.push({ id: interactionId, name, duration });
      },
      { durationThreshold: 16 },
    );
  });
}

/** The notes so far, once two frames have been painted. */
export function read(page: Page): Promise<Vitals> {
  return page.evaluate(async () => {
    for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
    await new Promise((resolve) => setTimeout(resolve, 200));
    return (window as unknown as { vitals: Vitals }).vitals;
  });
}

/** Each interaction's longest event, in ms, shortest first. */
export function latencies(interactions: Interaction[]): number[] {
  const longest = new Map<number, number>();
  for (const { id, duration } of interactions) {
    longest.set(id, Math.max(duration, longest.get(id) ?? 0));
  }
  return [...longest.values()].sort((a, b) => a - b);
}

/** The part `share` (0 to 1) of the sorted values is at most this. */
export function percentile(sorted: number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
