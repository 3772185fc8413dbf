import { notifyManager, type QueryClient, useQueryClient } from "@tanstack/react-query";
import type { components } from "@/generated/api";
import { api, unwrap } from "@/shared/lib/api/client";
import { ApiProblem, needsSignIn } from "@/shared/lib/api/problem";
import { isMember, onSessionChange } from "@/shared/lib/auth/session";
import { askToSignIn } from "@/shared/lib/auth/sign-in-prompt";
import { wordsFor } from "@/shared/lib/i18n/error-words";
import { createToggleQueue, type ToggleQueue } from "@/shared/lib/toggle-queue";
import { toast } from "@/shared/ui/toaster-store";
import { dropWish, likeSettled, wish, withLike, withState } from "./likes-under-way";
import type { Post } from "./post";
import { patchPost } from "./post-cache";

type LikeState = components["schemas"]["LikeState"];

// By the id of the post. A queue exists only while something is under way.
const queues = new Map<string, ToggleQueue>();

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
  const queue: ToggleQueue = createToggleQueue<LikeState>({
    initial: post.viewer.liked,
    send: (liked) => (isOurs() ? send(uuid, liked) : Promise.reject(new Error("signed out"))),
    settled: (state) => {
      if (!isOurs()) return;
      likeSettled(state);
      patchPost(client, uuid, withState(state));
    },
    refused: (error) => error instanceof ApiProblem,
    failed: (confirmed, error) => {
      if (needsSignIn(error)) return askToSignIn(); // what a visitor sees is asked for anew
      if (!isOurs()) return;
      patchPost(client, uuid, (each) => withLike(each, confirmed));
      toast(wordsFor(error), { about: "like" });
    },
    idle: () => {
      if (!isOurs()) return;
      queues.delete(uuid);
      // Once React has rendered the state that is in the cache by now.
      notifyManager.schedule(() => {
        if (!queues.has(uuid)) dropWish(uuid);
      });
    },
  });
  const isOurs = (): boolean => queues.get(uuid) === queue;
  queues.set(uuid, queue);
  return queue;
}

// What one person wished must not be sent for the next.
onSessionChange(() => queues.clear());

/** Toggles one's like at once on the screen, and then on the server. Asks visitors to sign in. */
export function useLike(): (post: Post) => void {
  const client = useQueryClient();
  return (post) => {
    if (!isMember()) return askToSignIn();
    wish(post.uuid, queueFor(client, post).toggle());
  };
}
