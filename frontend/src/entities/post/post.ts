import type { InfiniteData } from "@tanstack/react-query";
import type { components } from "@/generated/api";

export type Post = components["schemas"]["Activity"];
export type Author = components["schemas"]["Author"];
export type PostPage = components["schemas"]["ActivityList"];
export type Entity = components["schemas"]["Entity"];
export type ReplyNode = components["schemas"]["ReplyNode"];
export type ReplyList = components["schemas"]["ReplyList"];
export type Thread = components["schemas"]["Thread"];

export type PostPages = InfiniteData<PostPage, unknown>;
export type ThreadPages = InfiniteData<Thread, unknown>;

const nobody: Author = { uuid: "", handle: "", display_name: "", avatar: null };

/** Who wrote the post; nobody, with empty names, where it was taken back. */
export const authorOf = (post: Pick<Post, "author">): Author => post.author ?? nobody;

export const createdAt = (post: Post): number => Date.parse(post.created_at);
export const expiresAt = (post: Post): number => Date.parse(post.expires_at);

/** What is left of a post's life at `now`: 1 when it was made, 0 when it is over. */
export function lifeLeft(post: Post, now: number): number {
  const span = expiresAt(post) - createdAt(post);
  if (span <= 0) return 0;
  return Math.min(1, Math.max(0, (expiresAt(post) - now) / span));
}
