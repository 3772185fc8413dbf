import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import type { components } from "@/generated/api";
import { api, unwrap } from "@/shared/lib/api/client";
import { needsSignIn } from "@/shared/lib/api/problem";
import { isMember } from "@/shared/lib/auth/session";
import { askToSignIn } from "@/shared/lib/auth/sign-in-prompt";
import { wordsFor } from "@/shared/lib/i18n/error-words";
import { createToggleQueue, type ToggleQueue } from "@/shared/lib/toggle-queue";
import { toast } from "@/shared/ui/toaster-store";
import type { Post } from "./post";
import { patchPost } from "./post-cache";

type LikeState = components["schemas"]["LikeState"];

const queues = new Map<string, ToggleQueue>(); // by post; only while something is under way

/** The post with the like set or taken; its count follows by one, so that others' likes stay counted. */
export function withLike(post: Post, liked: boolean): Post {
  if (post.liked === liked) return post;
  return { ...post, liked, likes_count: Math.max(0, post.likes_count + (liked ? 1 : -1)) };
}

function send(uuid: string, liked: boolean): Promise<LikeState> {
  const params = { params: { path: { uuid } } };
  return unwrap(
    liked
      ? api().PUT("/api/activities/{uuid}/like", params)
      : api().DELETE("/api/activities/{uuid}/like", params),
  );
}

function queueFor(client: QueryClient, post: Post): ToggleQueue {
  const { uuid } = post;
  const known = queues.get(uuid);
  if (known) return known;
  const queue = createToggleQueue<LikeState>({
    initial: post.liked,
    send: (liked) => send(uuid, liked),
    settled: ({ liked, likes_count }) =>
      patchPost(client, uuid, (each) => ({ ...each, liked, likes_count })),
    failed: (confirmed, error) => {
      patchPost(client, uuid, (each) => withLike(each, confirmed));
      if (needsSignIn(error)) askToSignIn();
      else toast(wordsFor(error));
    },
    idle: () => queues.delete(uuid),
  });
  queues.set(uuid, queue);
  return queue;
}

/** Toggles one's like at once and tells the server behind the scenes; asks visitors to sign in. */
export function useLike(): (post: Post) => void {
  const client = useQueryClient();
  return (post) => {
    if (!isMember()) return askToSignIn();
    const liked = queueFor(client, post).toggle();
    patchPost(client, post.uuid, (each) => withLike(each, liked));
  };
}
