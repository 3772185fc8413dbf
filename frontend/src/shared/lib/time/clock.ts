// An estimate of the server's clock. Every API answer carries `x-server-time`; the shorter the round trip, the more exact the
// reading. All times are in milliseconds.

// For so long a reading is preferred to later ones with a longer round trip.
const staleAfter = 5 * 60_000;

// A reading that differs by more than this and its round trip means that a clock was set: it counts at once.
const jump = 2_000;

// What to add to Date.now(), and of the reading that gave it the round trip and the Date.now().
let offset = 0;
let roundTrip = Number.POSITIVE_INFINITY;
let readAt = 0;
const listeners = new Set<() => void>();

/** Unix milliseconds by the server's clock. */
export function serverNow(): number {
  return Date.now() + offset;
}

/** Takes a reading: the server's time, and by this machine's clock when the request left and the answer came (all Unix ms). */
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
