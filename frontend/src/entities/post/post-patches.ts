import type { Post, PostPage, Thread } from "./post";
import { changeReply, mapKept } from "./reply-tree";

/** A change to a post. Returns the same post when there is nothing to change. */
export type Patch = (post: Post) => Post;

const patchList = (posts: Post[], uuid: string, patch: Patch): Post[] =>
  mapKept(posts, (post) => (post.uuid === uuid ? patch(post) : post));

/** The page with `patch` applied to the post `uuid`; the same page when that changes nothing. */
export function patchPage(page: PostPage, uuid: string, patch: Patch): PostPage {
  const data = patchList(page.data, uuid, patch);
  return data === page.data ? page : { ...page, data };
}

/** The same for a thread: the post, the posts it replies to, and all its replies. */
export function patchThread(thread: Thread, uuid: string, patch: Patch): Thread {
  const activity = thread.activity.uuid === uuid ? patch(thread.activity) : thread.activity;
  const ancestors = patchList(thread.ancestors, uuid, patch);
  const replies = changeReply(thread.replies, uuid, (node) => {
    const next = patch(node);
    return next === node ? node : { ...node, ...next };
  });
  const root = thread.root?.uuid === uuid ? patch(thread.root) : thread.root;
  const same =
    activity === thread.activity &&
    ancestors === thread.ancestors &&
    root === thread.root &&
    replies === thread.replies;
  return same ? thread : { ...thread, activity, ancestors, root, replies };
}
