import type { QueryClient } from "@tanstack/react-query";
import type { Post, PostPages, Thread, ThreadPages } from "./post";
import { postKeys } from "./post-queries";
import { appendReply, asReplyNode, changeReply, mapKept } from "./reply-tree";

// The only writers of cached posts. A post may be in several lists and threads at once; all of them change together.

/** Changes the post `uuid` in every list and thread. */
export function patchPost(client: QueryClient, uuid: string, patch: (post: Post) => Post): void {
  eachList(client, (posts) => mapKept(posts, (post) => (post.uuid === uuid ? patch(post) : post)));
  eachThread(client, (thread) => ({
    ...thread,
    activity: thread.activity.uuid === uuid ? patch(thread.activity) : thread.activity,
    ancestors: mapKept(thread.ancestors, (post) => (post.uuid === uuid ? patch(post) : post)),
    replies: changeReply(thread.replies, uuid, (node) => ({ ...node, ...patch(node) })),
  }));
}

/** Takes the post `uuid` out of every list and out of the replies of every thread. */
export function removePost(client: QueryClient, uuid: string): void {
  eachList(client, (posts) => mapKept(posts, (post) => (post.uuid === uuid ? null : post)));
  eachThread(client, (thread) => {
    const replies = changeReply(thread.replies, uuid, () => null);
    return replies === thread.replies ? thread : { ...thread, replies };
  });
}

/** What its own author sees at once after deleting: gone, or an empty mark above the replies. */
export function forgetPost(client: QueryClient, post: Post): void {
  if (post.replies_count > 0) {
    eachList(client, (posts) => mapKept(posts, (each) => (each.uuid === post.uuid ? null : each)));
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

function eachList(client: QueryClient, change: (posts: Post[]) => Post[]): void {
  client.setQueriesData<PostPages>({ queryKey: postKeys.lists }, (data) => {
    if (!data) return data;
    const pages = mapKept(data.pages, (page) => {
      const posts = change(page.data);
      return posts === page.data ? page : { ...page, data: posts };
    });
    return pages === data.pages ? data : { ...data, pages };
  });
}

function eachThread(client: QueryClient, change: (thread: Thread) => Thread): void {
  client.setQueriesData<ThreadPages>({ queryKey: postKeys.threads }, (data) => {
    if (!data) return data;
    return { ...data, pages: data.pages.map(change) };
  });
}
