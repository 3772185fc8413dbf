import type { EventOf, LiveEvent, LiveEventType } from "./live-event";

/** Where events come from. Returns a function that ends it. */
export type Source = (publish: (event: LiveEvent) => Promise<void>) => () => void;

const listeners = new Set<(event: LiveEvent) => unknown>();

/**
 * Calls `handler` for every event of this type. When its promise rejects, the source slows down. Returns a function that ends
 * the subscription.
 */
export function subscribe<Type extends LiveEventType>(
  type: Type,
  handler: (event: EventOf<Type>) => unknown,
): () => void {
  const listener = (event: LiveEvent) =>
    event.type === type ? handler(event as EventOf<Type>) : undefined;
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Starts `source` and hands out its events. Returns a function that ends it. */
export const start = (source: Source): (() => void) => source(publish);

/** Hands an event to all handlers. Rejects when one of them failed, but only after all were called. */
async function publish(event: LiveEvent): Promise<void> {
  const results = await Promise.allSettled([...listeners].map(async (listener) => listener(event)));
  const failure = results.find((result) => result.status === "rejected");
  if (failure) throw failure.reason;
}
