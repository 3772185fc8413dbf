import type { EventOf, LiveEvent, LiveEventType } from "./live-event";

/** Where events come from. Returns what ends it. */
export type Source = (publish: (event: LiveEvent) => Promise<void>) => () => void;

const listeners = new Set<(event: LiveEvent) => unknown>();

/** Calls `handler` for every event of this type; a promise of its that rejects slows the source down. Returns what ends that. */
export function subscribe<Type extends LiveEventType>(
  type: Type,
  handler: (event: EventOf<Type>) => unknown,
): () => void {
  const listener = (event: LiveEvent) =>
    event.type === type ? handler(event as EventOf<Type>) : undefined;
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Lets the events of `source` in. Returns what ends that. */
export const start = (source: Source): (() => void) => source(publish);

/** Hands an event to all who listen; rejects when one of them failed, after all have had it. */
async function publish(event: LiveEvent): Promise<void> {
  const results = await Promise.allSettled([...listeners].map(async (listener) => listener(event)));
  const failure = results.find((result) => result.status === "rejected");
  if (failure) throw failure.reason;
}
