import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

/** Reads until it reads `expected`: a page answers an action a frame or more later. Fails with the difference after `within` milliseconds. */
export async function settles<T>(
  read: () => Promise<T>,
  expected: T,
  within = 10_000,
): Promise<void> {
  const end = Date.now() + within;
  for (;;) {
    const found = await read();
    try {
      assert.deepEqual(found, expected);
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    await sleep(50);
  }
}
