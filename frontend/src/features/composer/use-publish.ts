import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Post } from "@/entities/post/post";
import { insertPost, insertReply } from "@/entities/post/post-cache";
import { api, unwrap } from "@/shared/lib/api/client";
import { needsSignIn } from "@/shared/lib/api/problem";
import { askToSignIn } from "@/shared/lib/auth/sign-in-prompt";
import type { TtlCode } from "@/shared/lib/config";
import { useSubmissionKey } from "./use-submission-key";

function usePublish<Input>(
  request: (input: Input, key: string) => Promise<Post>,
  insert: (client: ReturnType<typeof useQueryClient>, post: Post) => void,
) {
  const client = useQueryClient();
  const submission = useSubmissionKey();
  return useMutation({
    mutationFn: (input: Input) => request(input, submission.for(JSON.stringify(input))),
    onSuccess: (post) => {
      submission.spent();
      insert(client, post);
    },
    onError: (error) => {
      if (needsSignIn(error)) askToSignIn();
    },
  });
}

/** Publishes a root post and shows it on top of the feeds that hold it. */
export const usePublishPost = () =>
  usePublish(
    (body: { message: string; ttl: TtlCode }, key) =>
      unwrap(
        api().POST("/api/activities", { body, params: { header: { "Idempotency-Key": key } } }),
      ),
    insertPost,
  );

/** Publishes a reply to `uuid` and shows it in the threads that hold its parent. */
export const usePublishReply = (uuid: string) =>
  usePublish(
    (body: { message: string }, key) =>
      unwrap(
        api().POST("/api/activities/{uuid}/reply", {
          body,
          params: { path: { uuid }, header: { "Idempotency-Key": key } },
        }),
      ),
    insertReply,
  );
