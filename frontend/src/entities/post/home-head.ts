import { hashKey, type QueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/shared/lib/api/client";
import { onSessionChange } from "@/shared/lib/auth/session";
import { subscribe } from "@/shared/lib/realtime/dispatcher";
import { serverNow } from "@/shared/lib/time/clock";
import { second } from "@/shared/lib/time/duration";
import { write } from "./cache-writes";
import { freshCount } from "./fresh-count";
import { askForPosts } from "./likes-under-way";
import { createdAt, expiresAt, type Post, type PostPage, type PostPages } from "./post";
import { patchPost, prepend } from "./post-cache";
import { postKeys } from "./post-list-query";
import { markTakenBack, takenBack } from "./taken-back";

// The newest page of the home feed, loaded again on every hint. Posts that are new in it wait until they are asked for. Posts
// that the feed has already get its counts. Posts of the feed that are missing in it have been taken back.

// After so long, every process of the server knows of a new post.
const settling = 5 * second;
const homeHash = hashKey(postKeys.home);

let head: PostPage | null = null;
// Counts the changes of the signed-in person.
let session = 0;

const homeOf = (client: QueryClient) => client.getQueryData<PostPages>(postKeys.home);
const postsOf = (feed: PostPages): Post[] => feed.pages.flatMap((page) => page.data);

/** The posts of the newest page that the feed does not have, without those that have expired or were taken back. */
export function freshIn(page: PostPage, feed: PostPages, now: number): Post[] {
  const known = new Set(postsOf(feed).map((post) => post.uuid));
  return page.data.filter(
    (post) => !known.has(post.uuid) && expiresAt(post) > now && !takenBack(post.uuid),
  );
}

/**
 * The feed with the newest page on top. When the feed has no post of that page, posts between
 * them may be missing: the feed then starts anew.
 */
export function withHead(feed: PostPages, page: PostPage, now: number): PostPages {
  const fresh = freshIn(page, feed, now);
  if (fresh.length === page.data.length && page.next_cursor !== null) {
    return { pages: [page], pageParams: [null] };
  }
  return prepend(feed, fresh);
}

/** Those of `posts` that are recent enough to be in the newest page, but are not. */
export function missingFrom(page: PostPage, posts: Post[]): Post[] {
  const held = new Set(page.data.map((post) => post.uuid));
  const lowest = page.next_cursor === null ? "" : (page.data.at(-1)?.created_at ?? "");
  return posts.filter((post) => post.created_at > lowest && !held.has(post.uuid));
}

async function look(client: QueryClient): Promise<void> {
  const feed = homeOf(client);
  // Nothing that could be out of date.
  if (!feed) return;
  const known = postsOf(feed).filter((post) => serverNow() - createdAt(post) > settling);
  const began = session;
  const page = await askForPosts(() => unwrap(api().GET("/api/activities/home")));
  // Another person has signed in meanwhile.
  if (session !== began || !homeOf(client)) return;
  head = page;
  for (const post of page.data) {
    patchPost(client, post.uuid, (each) => withCounts(each, post));
  }
  const now = serverNow();
  for (const post of missingFrom(page, known)) {
    if (expiresAt(post) > now) markTakenBack(post.uuid, "done");
  }
  count(client);
}

function withCounts(post: Post, { viewer, likes_count, replies_count }: Post): Post {
  const same =
    post.viewer.liked === viewer.liked &&
    post.likes_count === likes_count &&
    post.replies_count === replies_count;
  return same ? post : { ...post, viewer, likes_count, replies_count };
}

function count(client: QueryClient): void {
  const feed = homeOf(client);
  freshCount.set(head && feed ? freshIn(head, feed, serverNow()).length : 0);
}

/** Puts the waiting posts on top of the home feed. Returns the newest. */
export function showFresh(client: QueryClient): Post | undefined {
  const page = head;
  if (!page) return undefined;
  write<PostPages>(client, postKeys.home, (feed) => withHead(feed, page, serverNow()));
  count(client);
  return homeOf(client)?.pages[0]?.data[0];
}

/** Follows the head of the home feed from now on. Returns a function that ends it. */
export function followHead(client: QueryClient): () => void {
  const endings = [
    subscribe("posts.new", () => look(client)),
    client.getQueryCache().subscribe(({ query }) => {
      if (query.queryHash === homeHash) count(client);
    }),
    onSessionChange(() => {
      session += 1;
      head = null;
      freshCount.set(0);
    }),
  ];
  return () => {
    for (const end of endings) end();
  };
}
