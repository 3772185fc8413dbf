import { setTimeout as sleep } from "node:timers/promises";

/** Calls `look` until it gives something truthy, and gives that; fails after `within` milliseconds. */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  within = 10_000,
): Promise<Exclude<NonNullable<T>, false>> {
  const end = Date.now() + within;
  for (;;) {
    const found = await look();
    if (found) return found as Exclude<NonNullable<T>, false>;
    if (Date.now() > end) throw new Error(`waited ${within} ms in vain for: ${what}`);
    await sleep(50);
  }
}
