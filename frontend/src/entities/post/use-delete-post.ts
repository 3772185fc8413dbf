import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/shared/lib/api/client";
import { ApiProblem } from "@/shared/lib/api/problem";
import type { Post } from "./post";
import { forgetPost } from "./post-cache";

/** Deletes one's own post. A post that is gone already counts as deleted. */
export function useDeletePost() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (post: Post) => {
      try {
        await unwrap(
          api().DELETE("/api/activities/{uuid}", { params: { path: { uuid: post.uuid } } }),
        );
      } catch (error) {
        const gone = error instanceof ApiProblem && (error.status === 404 || error.status === 410);
        if (!gone) throw error;
      }
    },
    onSuccess: (_, post) => forgetPost(client, post),
  });
}
