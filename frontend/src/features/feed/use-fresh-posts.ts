import { useQuery, useQueryClient } from "@tanstack/react-query";
import { expiresAt, type PostPage, type PostPages } from "@/entities/post/post";
import { prepend } from "@/entities/post/post-cache";
import { postKeys } from "@/entities/post/post-queries";
import { api, unwrap } from "@/shared/lib/api/client";
import { serverNow } from "@/shared/lib/time/clock";

const lookEvery = 30_000; // ms, while the page is on the screen

/** What of the newest page is not in the feed yet. */
export function freshIn(head: PostPage, feed: PostPages, now: number): PostPage["data"] {
  const known = new Set(feed.pages.flatMap((page) => page.data.map((post) => post.uuid)));
  const top = feed.pages[0]?.data[0]?.created_at ?? "";
  return head.data.filter(
    (post) => !known.has(post.uuid) && post.created_at >= top && expiresAt(post) > now,
  );
}

/** The feed with the newest page on top. When nothing of it is known there is a hole below it: the feed starts anew. */
export function withHead(feed: PostPages, head: PostPage, now: number): PostPages {
  const fresh = freshIn(head, feed, now);
  if (fresh.length === head.data.length && head.next_cursor !== null) {
    return { pages: [head], pageParams: [null] };
  }
  return prepend(feed, fresh);
}

/** Looks for new posts at the head of the home feed and keeps them back until they are asked for. */
export function useFreshPosts(feed: PostPages): { count: number; show: () => void } {
  const client = useQueryClient();
  const { data: head } = useQuery({
    queryKey: ["posts", "head"],
    queryFn: ({ signal }) => unwrap(api().GET("/api/activities/home", { signal })),
    initialData: () => feed.pages[0], // just loaded: the first look is not now
    refetchInterval: lookEvery,
    refetchOnWindowFocus: true,
    staleTime: lookEvery / 2,
    retry: false,
  });

  const count = head ? freshIn(head, feed, serverNow()).length : 0;
  return {
    count,
    show: () => {
      if (!head) return;
      client.setQueryData<PostPages>(
        postKeys.home,
        (data) => data && withHead(data, head, serverNow()),
      );
    },
  };
}
