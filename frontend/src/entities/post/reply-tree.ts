import type { Post, ReplyList, ReplyNode } from "./post";

// Changes to nested replies. Every part that does not change stays the same object, so that React skips it.

type Change<T> = (value: T) => T | null;

/** Maps a list. Returns the same list when nothing changed. An element that is mapped to null is left out. */
export function mapKept<T>(list: T[], change: Change<T>): T[] {
  let changed = false;
  const next: T[] = [];
  for (const value of list) {
    const result = change(value);
    if (result !== value) changed = true;
    if (result !== null) next.push(result);
  }
  return changed ? next : list;
}

/** Applies `change` to the node `uuid`, wherever it is below `list`. */
export function changeReply(list: ReplyList, uuid: string, change: Change<ReplyNode>): ReplyList {
  const data = mapKept(list.data, (node) => {
    if (node.uuid === uuid) return change(node);
    const replies = changeReply(node.replies, uuid, change);
    return replies === node.replies ? node : { ...node, replies };
  });
  return data === list.data ? list : { ...list, data };
}

/** Puts a new reply under its parent `uuid`, at the end, unless it is there already. */
export function appendReply(list: ReplyList, reply: ReplyNode): ReplyList {
  if (list.data.some((node) => node.uuid === reply.uuid)) return list;
  return { ...list, data: [...list.data, reply] };
}

export function asReplyNode(post: Post): ReplyNode {
  return { ...post, replies: { data: [], next_cursor: null } };
}
