import type { InfiniteData, QueryClient, QueryKey } from "@tanstack/react-query";
import type { Post, PostPage, PostPages, Thread, ThreadPages } from "./post";
import { postKeys } from "./post-list-query";
import { type Patch, patchPage, patchThread } from "./post-patches";
import { appendReply, asReplyNode, changeReply, mapKept } from "./reply-tree";

// The only writers of cached posts. A post may be in several lists and threads at once; all of them change together.

/** Changes the post `uuid` in every list and thread. */
export function patchPost(client: QueryClient, uuid: string, patch: Patch): void {
  eachPage(client, (page) => patchPage(page, uuid, patch));
  eachThread(client, (thread) => patchThread(thread, uuid, patch));
}

/** Takes the post `uuid` out of every list and out of the replies of every thread. */
export function removePost(client: QueryClient, uuid: string): void {
  takeOutOfLists(client, uuid);
  eachThread(client, (thread) => {
    const replies = changeReply(thread.replies, uuid, () => null);
    return replies === thread.replies ? thread : { ...thread, replies };
  });
}

/** What its own author sees at once after deleting: gone, or an empty mark above the replies. */
export function forgetPost(client: QueryClient, post: Post): void {
  if (post.replies_count > 0) {
    takeOutOfLists(client, post.uuid);
    patchPost(client, post.uuid, asTombstone);
    return;
  }
  removePost(client, post.uuid);
  if (post.reply_to_activity_uuid) {
    patchPost(client, post.reply_to_activity_uuid, (parent) => ({
      ...parent,
      replies_count: Math.max(0, parent.replies_count - 1),
    }));
  }
}

/** Puts a new root post on top of the home feed and of its author's posts. */
export function insertPost(client: QueryClient, post: Post): void {
  for (const queryKey of [postKeys.home, postKeys.byUser(post.handle)]) {
    client.setQueryData<PostPages>(queryKey, (data) => data && prepend(data, [post]));
  }
}

/** Puts a new reply under its parent and counts it there. */
export function insertReply(client: QueryClient, reply: Post): void {
  const parent = reply.reply_to_activity_uuid;
  if (!parent) return;
  const node = asReplyNode(reply);
  client.setQueriesData<ThreadPages>({ queryKey: postKeys.threads }, (data) => {
    if (!data) return data;
    const last = data.pages.length - 1;
    const pages = data.pages.map((thread, index) => {
      if (thread.activity.uuid !== parent) {
        const replies = changeReply(thread.replies, parent, (each) => ({
          ...each,
          replies: appendReply(each.replies, node),
        }));
        return replies === thread.replies ? thread : { ...thread, replies };
      }
      return index === last ? { ...thread, replies: appendReply(thread.replies, node) } : thread;
    });
    return { ...data, pages };
  });
  patchPost(client, parent, (post) => ({ ...post, replies_count: post.replies_count + 1 }));
}

/** The list with `posts` on top, without those it has already. */
export function prepend(data: PostPages, posts: Post[]): PostPages {
  const [head, ...rest] = data.pages;
  if (!head) return data;
  const known = new Set(data.pages.flatMap((page) => page.data.map((post) => post.uuid)));
  const fresh = posts.filter((post) => !known.has(post.uuid));
  if (fresh.length === 0) return data;
  return { ...data, pages: [{ ...head, data: [...fresh, ...head.data] }, ...rest] };
}

function asTombstone(post: Post): Post {
  return {
    ...post,
    deleted: true,
    message: "",
    entities: [],
    user_uuid: "",
    handle: "",
    display_name: "",
    liked: false,
    likes_count: 0,
  };
}

function takeOutOfLists(client: QueryClient, uuid: string): void {
  eachPage(client, (page) => {
    const data = mapKept(page.data, (post) => (post.uuid === uuid ? null : post));
    return data === page.data ? page : { ...page, data };
  });
}

const eachPage = (client: QueryClient, change: (page: PostPage) => PostPage): void =>
  eachAnswer<PostPage>(client, postKeys.lists, change);

const eachThread = (client: QueryClient, change: (thread: Thread) => Thread): void =>
  eachAnswer<Thread>(client, postKeys.threads, change);

/** Leaves alone what does not change, and lets what does be as old as it was. */
function eachAnswer<T>(client: QueryClient, queryKey: QueryKey, change: (answer: T) => T): void {
  for (const query of client.getQueryCache().findAll({ queryKey })) {
    const data = query.state.data as InfiniteData<T> | undefined;
    if (!data) continue;
    const pages = mapKept(data.pages, change);
    if (pages === data.pages) continue;
    const updatedAt = query.state.dataUpdatedAt;
    client.setQueryData(query.queryKey, { ...data, pages }, { updatedAt });
  }
}
