import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import { write } from "./cache-writes";
import {
  authorOf,
  type Post,
  type PostPage,
  type PostPages,
  type ReplyList,
  type Thread,
  type ThreadPages,
} from "./post";
import { postKeys } from "./post-list-query";
import { type Patch, patchPage, patchThread } from "./post-patches";
import { appendReply, asReplyNode, changeReply, mapKept } from "./reply-tree";

// Only these functions write cached posts. A post may be in several lists and threads; all of them change together.

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

/** Removes a post that its author has deleted. When it has replies, an empty mark of it stays above them. */
export function forgetPost(client: QueryClient, post: Post): void {
  if (post.replies_count > 0) {
    takeOutOfLists(client, post.uuid);
    patchPost(client, post.uuid, asTombstone);
    return;
  }
  const parent = post.reply_to_activity_uuid;
  if (parent) {
    // This comes before the reply is removed, because only a thread that holds it has counted it.
    eachThread(client, (thread) =>
      holds(thread.replies, post.uuid) ? patchThread(thread, parent, uncounted) : thread,
    );
    eachListOnce(client, parent, uncounted);
  }
  removePost(client, post.uuid);
}

const uncounted = (post: Post): Post => ({
  ...post,
  replies_count: Math.max(0, post.replies_count - 1),
});

/** Puts a new root post on top of the home feed and of its author's posts. */
export function insertPost(client: QueryClient, post: Post): void {
  for (const queryKey of [postKeys.home, postKeys.byUser(authorOf(post).handle)]) {
    write<PostPages>(client, queryKey, (data) => prepend(data, [post]));
  }
}

/** Puts a new reply under its parent and counts it there. */
export function insertReply(client: QueryClient, reply: Post): void {
  const parent = reply.reply_to_activity_uuid;
  if (!parent) return;
  write<ThreadPages>(client, postKeys.threads, (data) => withReply(data, parent, reply));
  // A list can't tell whether an answer has counted the reply already, so this change is not made again after a later answer.
  eachListOnce(client, parent, counted);
}

const counted = (post: Post): Post => ({ ...post, replies_count: post.replies_count + 1 });

/**
 * The thread with the reply under `parent` and counted there. Unchanged when it has the reply already, or has no such parent.
 */
function withReply(data: ThreadPages, parent: string, reply: Post): ThreadPages {
  const node = asReplyNode(reply);
  const last = data.pages.length - 1;
  const held = data.pages.some((thread) => holds(thread.replies, reply.uuid));
  if (held) return data;
  const pages = mapKept(data.pages, (thread) => {
    if (thread.activity.uuid === parent) {
      const isLast = thread === data.pages[last];
      const replies = isLast ? appendReply(thread.replies, node) : thread.replies;
      return { ...thread, activity: counted(thread.activity), replies };
    }
    const replies = changeReply(thread.replies, parent, (each) => ({
      ...each,
      replies_count: each.replies_count + 1,
      replies: appendReply(each.replies, node),
    }));
    return replies === thread.replies ? thread : { ...thread, replies };
  });
  return pages === data.pages ? data : { ...data, pages };
}

const holds = (list: ReplyList, uuid: string): boolean =>
  list.data.some((node) => node.uuid === uuid || holds(node.replies, uuid));

/** The list with those of `posts` that it does not have yet, put among its newest. */
export function prepend(data: PostPages, posts: Post[]): PostPages {
  const [head, ...rest] = data.pages;
  if (!head) return data;
  const known = new Set(data.pages.flatMap((page) => page.data.map((post) => post.uuid)));
  const fresh = posts.filter((post) => !known.has(post.uuid));
  if (fresh.length === 0) return data;
  const merged = [...fresh, ...head.data].sort(newestFirst);
  return { ...data, pages: [{ ...head, data: merged }, ...rest] };
}

// The sort is stable: posts of the same moment keep their order.
const newestFirst = (a: Post, b: Post): number =>
  Number(a.created_at < b.created_at) - Number(a.created_at > b.created_at);

function asTombstone(post: Post): Post {
  return {
    ...post,
    deleted: true,
    message: "",
    entities: [],
    media: [],
    author: null,
    viewer: { liked: false },
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
  write<PostPages>(client, postKeys.lists, eachOf(change));

const eachThread = (client: QueryClient, change: (thread: Thread) => Thread): void =>
  write<ThreadPages>(client, postKeys.threads, eachOf(change));

const eachOf = <T>(change: (answer: T) => T) => {
  return (data: InfiniteData<T>): InfiniteData<T> => {
    const pages = mapKept(data.pages, change);
    return pages === data.pages ? data : { ...data, pages };
  };
};

function eachListOnce(client: QueryClient, uuid: string, patch: Patch): void {
  const change = eachOf<PostPage>((page) => patchPage(page, uuid, patch));
  for (const query of client.getQueryCache().findAll({ queryKey: postKeys.lists })) {
    const updatedAt = query.state.dataUpdatedAt;
    client.setQueryData<PostPages>(query.queryKey, (data) => data && change(data), { updatedAt });
  }
}
