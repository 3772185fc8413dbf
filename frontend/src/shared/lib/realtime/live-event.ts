/**
 * What the server has to tell of its own accord. These are public hints: they are coalesced and may be lost, and whoever hears
 * one asks the server for what is true.
 */
export type LiveEvent =
  /** The home feed may have a new head. */
  | { type: "posts.new" }
  /** The likes, the replies or the life of some post may have changed. */
  | { type: "activity.changed" };

export type LiveEventType = LiveEvent["type"];

export type EventOf<Type extends LiveEventType> = Extract<LiveEvent, { type: Type }>;
