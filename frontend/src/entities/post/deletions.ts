import type { QueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/shared/lib/api/client";
import { ApiProblem, needsSignIn } from "@/shared/lib/api/problem";
import { sendAtOnce } from "@/shared/lib/api/send";
import { beforeSignOut } from "@/shared/lib/auth/session";
import { askToSignIn } from "@/shared/lib/auth/sign-in-prompt";
import { strings } from "@/shared/lib/i18n";
import { wordsFor } from "@/shared/lib/i18n/error-words";
import { second } from "@/shared/lib/time/duration";
import { toast, withdraw } from "@/shared/ui/toaster-store";
import { enter, leftovers, strike } from "./deletion-journal";
import { focusPost } from "./focus-post";
import type { Post } from "./post";
import { forgetPost } from "./post-cache";
import { markTakenBack, unmarkTakenBack } from "./taken-back";

// A deleted post leaves the screen at once, but is deleted on the server only a few seconds later, so that it can be undone.
// When the page is left or hidden, and before signing out, it is deleted without waiting.

const undoFor = 6 * second;
const touchEvery = 3 * second;

interface Pending {
  post: Post;
  client: QueryClient;
  toastId: number;
  touching: ReturnType<typeof setInterval>;
}

// By the id of the post.
const pending = new Map<string, Pending>();

/** Takes one's own post off the screen, and offers to undo that for a few seconds. */
export function takeBack(client: QueryClient, post: Post): void {
  markTakenBack(post.uuid, "pending");
  enter(post);
  const { done, doneWithReplies, undo } = strings.deletion;
  const toastId = toast(post.replies_count > 0 ? doneWithReplies : done, {
    lasts: undoFor,
    action: { label: undo, run: () => undoDeletion(post.uuid) },
    onClosed: () => void carryOutPending(post.uuid, "signed"),
  });
  const touching = setInterval(() => enter(post), touchEvery);
  pending.set(post.uuid, { post, client, toastId, touching });
}

function endPending(uuid: string): Pending | undefined {
  const ended = pending.get(uuid);
  pending.delete(uuid);
  clearInterval(ended?.touching);
  return ended;
}

function undoDeletion(uuid: string): void {
  if (!endPending(uuid)) return;
  strike(uuid);
  unmarkTakenBack(uuid);
  focusPost(uuid);
}

/** "parting": the page may be closed at once, so the request must not wait for a token. */
type Manner = "signed" | "parting";

const carryOutAll = (manner: Manner): Promise<unknown> =>
  Promise.all([...pending.keys()].map((uuid) => carryOutPending(uuid, manner)));

async function carryOutPending(uuid: string, manner: Manner): Promise<void> {
  const ended = endPending(uuid);
  if (!ended) return;
  const { post, client, toastId } = ended;
  withdraw(toastId);
  try {
    await carryOut(client, post, manner);
  } catch (error) {
    strike(post.uuid);
    unmarkTakenBack(post.uuid);
    if (needsSignIn(error)) askToSignIn();
    else toast(strings.deletion.failed(wordsFor(error)));
  }
}

async function carryOut(client: QueryClient, post: Post, manner: Manner): Promise<void> {
  try {
    await request(post.uuid, manner);
  } catch (error) {
    if (needsSignIn(error) && manner === "parting") return carryOut(client, post, "signed");
    const gone = error instanceof ApiProblem && (error.status === 404 || error.status === 410);
    if (!gone) throw error;
  }
  strike(post.uuid);
  markTakenBack(post.uuid, "done");
  forgetPost(client, post);
}

const request = (uuid: string, manner: Manner) =>
  unwrap(
    api().DELETE("/api/activities/{uuid}", {
      params: { path: { uuid } },
      keepalive: true,
      ...(manner === "parting" && { fetch: sendAtOnce }),
    }),
  );

/**
 * Carries out the deletions that `author` asked for in pages that were closed too soon. What fails is tried again the next
 * time.
 */
export function finishDeletions(client: QueryClient, author: string): void {
  for (const post of leftovers(author, Date.now())) {
    markTakenBack(post.uuid, "pending");
    carryOut(client, post, "signed").catch((error: unknown) => {
      unmarkTakenBack(post.uuid);
      if (error instanceof ApiProblem && error.status === 403) strike(post.uuid);
    });
  }
}

const part = () => void carryOutAll("parting");
window.addEventListener("pagehide", part);
document.addEventListener("visibilitychange", () => document.hidden && part());
beforeSignOut(() => carryOutAll("signed"));
