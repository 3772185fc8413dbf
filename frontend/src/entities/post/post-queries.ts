import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/shared/lib/api/client";
import { minute } from "@/shared/lib/time/duration";
import type { PostPage } from "./post";

export const postKeys = {
  lists: ["posts", "list"] as const,
  home: ["posts", "list", "home"] as const,
  byUser: (handle: string) => ["posts", "list", "user", handle] as const,
  threads: ["posts", "thread"] as const,
  thread: (uuid: string) => ["posts", "thread", uuid] as const,
};

type Fetch = (cursor: string | null, signal: AbortSignal) => Promise<PostPage>;

const page = (cursor: string | null) => (cursor === null ? {} : { cursor });

function listOptions<Key extends readonly string[]>(queryKey: Key, fetchPage: Fetch) {
  return infiniteQueryOptions({
    queryKey,
    queryFn: ({ pageParam, signal }) => fetchPage(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    staleTime: minute,
  });
}

export const homeQuery = listOptions(postKeys.home, (cursor, signal) =>
  unwrap(api().GET("/api/activities/home", { params: { query: page(cursor) }, signal })),
);

export const userPostsQuery = (handle: string) =>
  listOptions(postKeys.byUser(handle), (cursor, signal) =>
    unwrap(
      api().GET("/api/activities/@{handle}", {
        params: { path: { handle }, query: page(cursor) },
        signal,
      }),
    ),
  );

export const threadQuery = (uuid: string) =>
  infiniteQueryOptions({
    queryKey: postKeys.thread(uuid),
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api().GET("/api/activities/{uuid}", {
          params: { path: { uuid }, query: page(pageParam) },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.replies.next_cursor,
    staleTime: 15_000,
  });
