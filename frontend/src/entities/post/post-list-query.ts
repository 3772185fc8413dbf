import { infiniteQueryOptions } from "@tanstack/react-query";
import { minute } from "@/shared/lib/time/duration";
import type { PostPage } from "./post";

const lists = ["posts", "list"] as const;
const threads = ["posts", "thread"] as const;

export const postKeys = {
  lists,
  list: (...name: string[]) => [...lists, ...name] as const,
  home: [...lists, "home"] as const,
  byUser: (handle: string) => [...lists, "user", handle] as const,
  threads,
  thread: (uuid: string) => [...threads, uuid] as const,
};

/** Asks for one page of a list; the first has no cursor. */
export type FetchPage = (cursor: string | null, signal: AbortSignal) => Promise<PostPage>;

export type PostListQuery = ReturnType<typeof postListQuery>;

/**
 * A list of posts, loaded page by page. Likes, deletions and new counts change it, wherever they are made. `name` identifies
 * it. A list of several pages is not loaded again as a whole: that would take as many requests, and move what is being read.
 */
export const postListQuery = (name: readonly string[], fetchPage: FetchPage) =>
  infiniteQueryOptions({
    queryKey: postKeys.list(...name),
    queryFn: ({ pageParam, signal }) => fetchPage(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    // Without `maxPages`: dropping pages at the far end would move what is being read, and a hundred pages are a few megabytes.
    staleTime: (query) =>
      (query.state.data?.pages.length ?? 0) > 1 ? Number.POSITIVE_INFINITY : minute,
  });

/** The query parameters that ask for the page at `cursor`. */
export const page = (cursor: string | null) => (cursor === null ? {} : { cursor });
