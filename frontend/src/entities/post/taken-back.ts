import { useSyncExternalStore } from "react";
import { createStore, useStore } from "@/shared/lib/store";
import type { Post } from "./post";

/** "pending" can still be undone. "done" is final, even when an answer that is under way still has the post. */
export type TakenBack = "pending" | "done";

// Posts that are not shown because their author took them back. A pending one stays in the cache as it is, so that it comes
// back unchanged.

// By the id of the post.
const marks = createStore<ReadonlyMap<string, TakenBack>>(new Map());

export function markTakenBack(uuid: string, state: TakenBack): void {
  marks.set(new Map(marks.get()).set(uuid, state));
}

export function unmarkTakenBack(uuid: string): void {
  const rest = new Map(marks.get());
  if (rest.delete(uuid)) marks.set(rest);
}

export const takenBack = (uuid: string): TakenBack | undefined => marks.get().get(uuid);

/** Whether the post is shown as an empty mark above its replies. */
export const useIsEmptied = (post: Post): boolean =>
  (useTakenBack(post.uuid) !== undefined && post.replies_count > 0) || post.deleted;

/** All posts that are not shown. */
export const useAllTakenBack = (): ReadonlyMap<string, TakenBack> => useStore(marks);

export const useTakenBack = (uuid: string): TakenBack | undefined =>
  useSyncExternalStore(marks.subscribe, () => takenBack(uuid));
