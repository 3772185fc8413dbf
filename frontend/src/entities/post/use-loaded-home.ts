import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Post } from "./post";
import { homeQuery } from "./post-queries";
import { useAllTakenBack } from "./taken-back";
import { uniquePosts } from "./unique-posts";

/** The posts of the home feed that are loaded. Does not load any itself. */
export function useLoadedHome(): Post[] {
  const { data } = useInfiniteQuery({ ...homeQuery, enabled: false });
  const takenBack = useAllTakenBack();
  return useMemo(
    () => uniquePosts(data?.pages ?? []).filter((post) => !takenBack.has(post.uuid)),
    [data, takenBack],
  );
}
