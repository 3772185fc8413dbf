// The server's clock, as well as it can be known here. Every API answer carries `x-server-time`; an answer that came
// back fast tells it more exactly than a slow one.

const staleAfter = 5 * 60_000; // ms; a good reading is trusted that long against worse ones
const jump = 2_000; // ms; beyond this plus the round trip the clock was set, and the new reading wins at once

let offset = 0; // ms to add to Date.now()
let roundTrip = Number.POSITIVE_INFINITY; // ms, of the reading in use
let readAt = 0; // Date.now() of the reading in use
const listeners = new Set<() => void>();

/** Unix milliseconds by the server's clock. */
export function serverNow(): number {
  return Date.now() + offset;
}

/** Takes a reading: the server's time, and this machine's when the request left and the answer came (all Unix ms). */
export function observeServerTime(server: number, sentAt: number, receivedAt: number): void {
  if (!Number.isFinite(server) || receivedAt < sentAt) return;
  const trip = receivedAt - sentAt;
  const reading = server - (sentAt + trip / 2);
  const jumped = Math.abs(reading - offset) > jump + trip;
  if (!jumped && trip > roundTrip && receivedAt - readAt < staleAfter) return;
  offset = reading;
  roundTrip = trip;
  readAt = receivedAt;
  if (jumped) for (const listener of listeners) listener();
}

/** Calls back when the clock jumps, not when it is corrected by a little. */
export function onClockJump(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function resetClock(): void {
  offset = 0;
  roundTrip = Number.POSITIVE_INFINITY;
  readAt = 0;
}
