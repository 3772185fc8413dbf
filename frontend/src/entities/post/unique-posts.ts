import type { Post } from "./post";

/** All pages as one list, each post once: a page may overlap the one before when posts came in between. */
export function uniquePosts<T extends Post>(pages: { data: T[] }[]): T[] {
  const seen = new Set<string>();
  return pages
    .flatMap((page) => page.data)
    .filter((post) => !seen.has(post.uuid) && seen.add(post.uuid));
}
