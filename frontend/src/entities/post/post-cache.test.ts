import { QueryClient } from "@tanstack/react-query";
import { beforeEach, expect, it } from "vitest";
import { anActivity, aReply } from "@/shared/testing/fixtures";
import type { Post, PostPages, ReplyNode, ThreadPages } from "./post";
import { forgetPost, insertPost, insertReply, patchPost, removePost } from "./post-cache";
import { postKeys } from "./post-list-query";

let client: QueryClient;

const pages = (...lists: Post[][]): PostPages => ({
  pages: lists.map((data, index) => ({
    data,
    next_cursor: index < lists.length - 1 ? String(index) : null,
  })),
  pageParams: lists.map((_, index) => (index === 0 ? null : String(index - 1))),
});

const thread = (activity: Post, replies: ReplyNode[], ancestors: Post[] = []): ThreadPages => ({
  pages: [
    {
      activity,
      ancestors,
      ancestors_more: false,
      root: null,
      replies: { data: replies, next_cursor: null },
    },
  ],
  pageParams: [null],
});

const home = () => client.getQueryData<PostPages>(postKeys.home);
const homeIds = () => home()?.pages.map((page) => page.data.map((post) => post.uuid));
const threadOf = (uuid: string) =>
  client.getQueryData<ThreadPages>(postKeys.thread(uuid))?.pages[0];

const root = anActivity({ uuid: "root", replies_count: 1 });
const other = anActivity({ uuid: "other" });
const child = (parts: Partial<Post> = {}, replies: ReplyNode[] = []) =>
  aReply(
    { uuid: "child", reply_to_activity_uuid: "root", root_activity_uuid: "root", ...parts },
    replies,
  );
const grandchild = aReply({ uuid: "grandchild", reply_to_activity_uuid: "child" });

beforeEach(() => {
  client = new QueryClient();
  client.setQueryData(postKeys.home, pages([root], [other]));
  client.setQueryData(postKeys.byUser("ada"), pages([root]));
  client.setQueryData(postKeys.thread("root"), thread(root, [child({}, [grandchild])]));
  client.setQueryData(postKeys.thread("child"), thread(child(), [grandchild], [root]));
});

const liked = (post: Post): Post => ({ ...post, viewer: { liked: true }, likes_count: 7 });

it("changes a post in every list and thread that holds it", () => {
  patchPost(client, "root", liked);
  expect(home()?.pages[0]?.data[0]?.likes_count).toBe(7);
  expect(
    client.getQueryData<PostPages>(postKeys.byUser("ada"))?.pages[0]?.data[0]?.viewer.liked,
  ).toBe(true);
  expect(threadOf("root")?.activity.viewer.liked).toBe(true);
  expect(threadOf("child")?.ancestors[0]?.viewer.liked).toBe(true);
});

it("changes a reply however deep it is, and keeps its own replies", () => {
  patchPost(client, "child", liked);
  expect(threadOf("root")?.replies.data[0]?.viewer.liked).toBe(true);
  expect(threadOf("root")?.replies.data[0]?.replies.data).toHaveLength(1);
  patchPost(client, "grandchild", liked);
  expect(threadOf("root")?.replies.data[0]?.replies.data[0]?.viewer.liked).toBe(true);
});

it("leaves lists alone that do not hold the post", () => {
  const before = home();
  patchPost(client, "nowhere", liked);
  expect(home()).toBe(before);
});

it("takes a post out of the lists and keeps the cursors", () => {
  removePost(client, "root");
  expect(homeIds()).toEqual([[], ["other"]]);
  expect(home()?.pages[0]?.next_cursor).toBe("0");
});

it("puts a new post on top, once", () => {
  const fresh = anActivity({ uuid: "fresh" });
  insertPost(client, fresh);
  insertPost(client, fresh);
  expect(homeIds()).toEqual([["fresh", "root"], ["other"]]);
});

it("puts a new reply under its parent in every thread and counts it", () => {
  const reply = anActivity({ uuid: "new", reply_to_activity_uuid: "child" });
  insertReply(client, reply);
  const inRoot = threadOf("root")?.replies.data[0];
  expect(inRoot?.replies.data.map((node) => node.uuid)).toEqual(["grandchild", "new"]);
  expect(inRoot?.replies_count).toBe(1);
  expect(threadOf("child")?.replies.data.map((node) => node.uuid)).toEqual(["grandchild", "new"]);
});

it("leaves a mark that tells nothing where a deleted post was answered", () => {
  forgetPost(client, child({ replies_count: 1 }));
  expect(threadOf("root")?.replies.data[0]).toMatchObject({
    deleted: true,
    message: "",
    author: null,
  });
  expect(threadOf("root")?.replies.data[0]?.replies.data).toHaveLength(1);
});

it("removes a deleted post without replies and counts it off its parent", () => {
  forgetPost(client, child());
  expect(threadOf("root")?.replies.data).toHaveLength(0);
  expect(threadOf("root")?.activity.replies_count).toBe(0);
});
