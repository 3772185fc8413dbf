import { useInfiniteQuery } from "@tanstack/react-query";
import type { PostPages } from "./post";
import { homeQuery } from "./post-queries";

/** What of the home feed has been loaded; asks for nothing itself. */
export function useLoadedHome(): PostPages | undefined {
  return useInfiniteQuery({ ...homeQuery, enabled: false }).data;
}
