import { setTimeout as sleep } from "node:timers/promises";

export { sleep };

/** Calls `look` until it gives something truthy, and gives that; fails after `withinMs`. */
export async function until<T>(
  what: string,
  withinMs: number,
  look: () => T | Promise<T>,
): Promise<NonNullable<T>> {
  const end = Date.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found) return found as NonNullable<T>;
    if (Date.now() >= end) throw new Error(`waited ${withinMs} ms in vain for: ${what}`);
    await sleep(20);
  }
}

/** Runs `work` for each item, at most `width` at once, and gives the results in order. */
export async function eachAtOnce<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < items.length; at = next++) {
      results[at] = await work(items[at] as T, at);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
}

/** Seconds on the wall clock that `work` took, and what it gave. */
export async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const began = performance.now();
  const given = await work();
  return [given, (performance.now() - began) / 1000];
}
