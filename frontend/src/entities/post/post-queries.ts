import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/shared/lib/api/client";
import { page, postKeys, postListQuery } from "./post-list-query";

export const homeQuery = {
  ...postListQuery(["home"], (cursor, signal) =>
    unwrap(api().GET("/api/activities/home", { params: { query: page(cursor) }, signal })),
  ),
  // home-head.ts keeps it up to date.
  staleTime: Number.POSITIVE_INFINITY,
};

export const userPostsQuery = (handle: string) =>
  postListQuery(["user", handle], (cursor, signal) =>
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
