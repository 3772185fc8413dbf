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
 * A list of posts, page by page, that likes, deletions and new counts reach wherever they are made. `name` tells it from other
 * lists. A list of several pages is not asked for again as a whole: it would take as many requests and move what is read.
 */
export const postListQuery = (name: readonly string[], fetchPage: FetchPage) =>
  infiniteQueryOptions({
    queryKey: postKeys.list(...name),
    queryFn: ({ pageParam, signal }) => fetchPage(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    // Without `maxPages`: dropping pages at the far end would move what is read, and a hundred of them are a few megabytes.
    staleTime: (query) =>
      (query.state.data?.pages.length ?? 0) > 1 ? Number.POSITIVE_INFINITY : minute,
  });

/** The query parameters that ask for the page at `cursor`. */
export const page = (cursor: string | null) => (cursor === null ? {} : { cursor });
