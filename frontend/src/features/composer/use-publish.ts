import {
  type QueryClient,
  useIsMutating,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import type { Post } from "@/entities/post/post";
import { insertPost, insertReply } from "@/entities/post/post-cache";
import { api, unwrap } from "@/shared/lib/api/client";
import { needsSignIn } from "@/shared/lib/api/problem";
import { askToSignIn } from "@/shared/lib/auth/sign-in-prompt";
import type { TtlCode } from "@/shared/lib/config";
import { strings } from "@/shared/lib/i18n";
import { toast } from "@/shared/ui/toaster-store";
import { forgetSubmission, submissionKey } from "./submission-key";
import { replyDraft, settleDraft } from "./use-draft";

interface Kind<Body> {
  /** The name of the draft that is sent. */
  draft: string;
  request: (body: Body, key: string) => Promise<Post>;
  insert: (client: QueryClient, post: Post) => void;
  sentWords: () => string;
}

interface Sending<Body> {
  body: Body;
  /** The text of the draft, as it was typed. */
  text: string;
}

export interface Publishing<Body> {
  draft: string;
  /** Whether the draft is being sent, from this box or another. */
  isPending: boolean;
  error: Error | null;
  /** Sends the draft, unless it is being sent. `onSent` is called if the box is still there then. */
  send: (sending: Sending<Body>, onSent: () => void) => void;
}

function usePublish<Body>({ draft, request, insert, sentWords }: Kind<Body>): Publishing<Body> {
  const client = useQueryClient();
  const mutationKey = ["publish", draft];
  const { mutate, error } = useMutation({
    mutationKey,
    mutationFn: ({ body }: Sending<Body>) =>
      request(body, submissionKey(draft, JSON.stringify(body))),
    // These must happen even when the box was left meanwhile.
    onSuccess: (post, { text }) => {
      forgetSubmission(draft);
      settleDraft(draft, text);
      insert(client, post);
      toast(sentWords());
    },
    onError: (problem) => {
      if (needsSignIn(problem)) askToSignIn();
    },
  });
  return {
    draft,
    error,
    isPending: useIsMutating({ mutationKey }) > 0,
    send: (sending, onSent) => {
      if (client.isMutating({ mutationKey }) === 0) mutate(sending, { onSuccess: onSent });
    },
  };
}

/** Publishes a root post and shows it on top of the feeds that hold it. */
export const usePublishPost = () =>
  usePublish({
    draft: "post",
    request: (body: { message: string; ttl: TtlCode }, key) =>
      unwrap(
        api().POST("/api/activities", { body, params: { header: { "Idempotency-Key": key } } }),
      ),
    insert: insertPost,
    sentWords: () => strings.composer.sent,
  });

/** Publishes a reply to `uuid` and shows it in the threads that hold its parent. */
export const usePublishReply = (uuid: string) =>
  usePublish({
    draft: replyDraft(uuid),
    request: (body: { message: string }, key) =>
      unwrap(
        api().POST("/api/activities/{uuid}/reply", {
          body,
          params: { path: { uuid }, header: { "Idempotency-Key": key } },
        }),
      ),
    insert: insertReply,
    sentWords: () => strings.composer.reply.sent,
  });
