import { useSyncExternalStore } from "react";
import { createStore, useStore } from "@/shared/lib/store";
import type { Post } from "./post";

/** "pending" can still be undone; "done" is gone for good, whatever an answer that is on its way may hold. */
export type TakenBack = "pending" | "done";

// Posts that are off the screen because their author took them back. The cache keeps a pending one as it is, so that it
// comes back unchanged.

const marks = createStore<ReadonlyMap<string, TakenBack>>(new Map()); // by post

export function markTakenBack(uuid: string, how: TakenBack): void {
  marks.set(new Map(marks.get()).set(uuid, how));
}

export function unmarkTakenBack(uuid: string): void {
  const rest = new Map(marks.get());
  if (rest.delete(uuid)) marks.set(rest);
}

export const takenBack = (uuid: string): TakenBack | undefined => marks.get().get(uuid);

/** Whether nothing but an empty mark above its replies is left of the post. */
export const useIsEmptied = (post: Post): boolean =>
  (useTakenBack(post.uuid) !== undefined && post.replies_count > 0) || post.deleted;

/** Which posts are off the screen. */
export const useAllTakenBack = (): ReadonlyMap<string, TakenBack> => useStore(marks);

export const useTakenBack = (uuid: string): TakenBack | undefined =>
  useSyncExternalStore(marks.subscribe, () => takenBack(uuid));
