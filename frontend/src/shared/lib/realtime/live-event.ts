/**
 * Events that say what may have changed on the server. They are only hints: several may become one, and some may be lost.
 * Whoever gets one asks the server for the data.
 */
export type LiveEvent =
  /** The home feed may have a new head. */
  | { type: "posts.new" }
  /** The likes, the replies or the life of some post may have changed. */
  | { type: "activity.changed" };

export type LiveEventType = LiveEvent["type"];

export type EventOf<Type extends LiveEventType> = Extract<LiveEvent, { type: Type }>;
