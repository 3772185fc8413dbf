import { useSyncExternalStore } from "react";
import { onClockJump, serverNow } from "./clock";

// One timer for all countdowns on the page. It beats on whole seconds of the server's clock, and stops while the page is hidden
// or nobody listens.

// In milliseconds.
const beat = 1_000;

let tick = serverNow();
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

function strike(): void {
  tick = serverNow();
  for (const listener of [...listeners]) listener();
}

function schedule(): void {
  clearTimeout(timer);
  timer = undefined;
  if (listeners.size === 0 || document.hidden) return;
  timer = setTimeout(
    () => {
      strike();
      schedule();
    },
    beat - (serverNow() % beat),
  );
}

function wake(): void {
  if (listeners.size === 0) return;
  strike();
  schedule();
}

document.addEventListener("visibilitychange", wake);
onClockJump(wake);

export function subscribeToTicker(listener: () => void): () => void {
  if (listeners.size === 0) tick = serverNow();
  listeners.add(listener);
  if (timer === undefined) schedule();
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) schedule();
  };
}

/** The server's time at the last beat, Unix ms. */
export function lastTick(): number {
  if (listeners.size === 0) tick = serverNow();
  return tick;
}

/** The result of `select` for the present time. Renders again only when the result changes, so it must be a primitive value. */
export function useTick<T extends string | number | boolean>(select: (now: number) => T): T {
  return useSyncExternalStore(subscribeToTicker, () => select(lastTick()));
}
