import { useSyncExternalStore } from "react";
import type { components } from "@/generated/api";
import { onSessionChange } from "@/shared/lib/auth/session";
import { createStore } from "@/shared/lib/store";
import type { Post, PostPage } from "./post";
import { type Patch, patchPage } from "./post-patches";

type LikeState = components["schemas"]["LikeState"];

// A like is on the screen before the server knows of it. Until the server has answered, the wish is shown in place of the
// cached state, so that no older answer takes it off the screen. Afterwards the new state is in the cache, and cache-writes.ts
// protects it from older answers to queries. Pages that are asked for outside a query, to update counts, are corrected here.

// By the id of the post.
const wishes = createStore<ReadonlyMap<string, boolean>>(new Map());

let settled: { state: LikeState; at: number }[] = [];
let asking = 0;

/** Shows the post as liked or not until `dropWish`. */
export function wish(uuid: string, liked: boolean): void {
  wishes.set(new Map(wishes.get()).set(uuid, liked));
}

export function dropWish(uuid: string): void {
  const rest = new Map(wishes.get());
  if (rest.delete(uuid)) wishes.set(rest);
}

/** The post with the like set or taken; its count follows by one, so that others' likes stay counted. */
export function withLike<T extends Pick<Post, "viewer" | "likes_count">>(
  post: T,
  liked: boolean,
): T {
  if (post.viewer.liked === liked) return post;
  const likes_count = Math.max(0, post.likes_count + (liked ? 1 : -1));
  return { ...post, viewer: { ...post.viewer, liked }, likes_count };
}

/** The post's like and count as they are shown: what the cache holds, under the wish. */
export function useShownLike(post: Post): Pick<Post, "viewer" | "likes_count"> {
  const wanted = useSyncExternalStore(wishes.subscribe, () => wishes.get().get(post.uuid));
  return wanted === undefined ? post : withLike(post, wanted);
}

export const withState = ({ liked, likes_count }: LikeState): Patch => {
  return (post) =>
    post.viewer.liked === liked && post.likes_count === likes_count
      ? post
      : { ...post, viewer: { ...post.viewer, liked }, likes_count };
};

/** Remembers the new state of a like, for pages that are under way. */
export function likeSettled(state: LikeState): void {
  if (asking > 0) settled.push({ state, at: performance.now() });
}

/** Asks for a page of posts, and corrects it by the likes that were settled while the answer was under way. */
export async function askForPosts(ask: () => Promise<PostPage>): Promise<PostPage> {
  const began = performance.now();
  asking += 1;
  try {
    const answer = await ask();
    return settled
      .filter(({ at }) => at >= began)
      .reduce((page, { state }) => patchPage(page, state.uuid, withState(state)), answer);
  } finally {
    asking -= 1;
    if (asking === 0) settled = [];
  }
}

// Another person likes other posts.
onSessionChange(() => {
  settled = [];
  wishes.set(new Map());
});
