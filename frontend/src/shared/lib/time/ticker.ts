import { useSyncExternalStore } from "react";
import { onClockJump, serverNow } from "./clock";

// One timer for every countdown on the page. It beats on whole seconds of the server's clock and rests while the page is
// hidden or nobody listens.

const beat = 1_000; // ms

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

/** What `select` makes of the time; renders again only when that changes, so give it a string, number or boolean. */
export function useTick<T extends string | number | boolean>(select: (now: number) => T): T {
  return useSyncExternalStore(subscribeToTicker, () => select(lastTick()));
}
