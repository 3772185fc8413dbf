import type { Post } from "./post";

/** All pages as one list, each post once. Pages overlap when posts were made after the first was loaded. */
export function uniquePosts<T extends Post>(pages: { data: T[] }[]): T[] {
  const seen = new Set<string>();
  return pages
    .flatMap((page) => page.data)
    .filter((post) => !seen.has(post.uuid) && seen.add(post.uuid));
}
