import { InfiniteQueryObserver, QueryClient } from "@tanstack/react-query";
import { expect, it, vi } from "vitest";
import { anActivity, aReply } from "@/shared/testing/fixtures";
import type { PostPage, PostPages, Thread, ThreadPages } from "./post";
import { insertReply, patchPost } from "./post-cache";
import { postKeys, postListQuery } from "./post-list-query";

const a = anActivity({ uuid: "a" });
const b = anActivity({ uuid: "b" });

it("keeps what was written while the next page was on its way", async () => {
  const client = new QueryClient();
  const late = Promise.withResolvers<PostPage>();
  const fetchPage = vi
    .fn()
    .mockResolvedValueOnce({ data: [a], next_cursor: "more" })
    .mockReturnValueOnce(late.promise);
  const observer = new InfiniteQueryObserver(client, postListQuery(["test"], fetchPage));
  const end = observer.subscribe(() => undefined);
  await vi.waitFor(() => expect(observer.getCurrentResult().data).toBeDefined());
  const more = observer.fetchNextPage();
  patchPost(client, "a", (post) => ({ ...post, viewer: { liked: true }, likes_count: 1 }));
  patchPost(client, "b", (post) => ({ ...post, likes_count: 7 }));
  late.resolve({ data: [b], next_cursor: null });
  await more;
  const held = client.getQueryData<PostPages>(postKeys.list("test"));
  const posts = held?.pages.flatMap((page) => page.data);
  expect(posts?.map(({ uuid, likes_count }) => [uuid, likes_count])).toEqual([
    ["a", 1],
    ["b", 7],
  ]);
  end();
});

it("keeps a reply that the refetch under way does not know, and counts it once", async () => {
  const client = new QueryClient();
  const queryKey = postKeys.thread("a");
  const thread = (...replies: string[]): ThreadPages => {
    const data = replies.map((uuid) => aReply({ uuid, reply_to_activity_uuid: "a" }));
    const activity = { ...a, replies_count: replies.length };
    const page: Thread = {
      activity,
      ancestors: [],
      ancestors_more: false,
      root: null,
      replies: { data, next_cursor: null },
    };
    return { pages: [page], pageParams: [null] };
  };
  const shown = () => {
    const page = client.getQueryData<ThreadPages>(queryKey)?.pages[0];
    return [page?.activity.replies_count, page?.replies.data.map(({ uuid }) => uuid)];
  };
  const reply = anActivity({ uuid: "mine", reply_to_activity_uuid: "a" });

  for (const answer of [thread("theirs"), thread("theirs", "mine")]) {
    client.setQueryData(queryKey, thread("theirs"));
    const late = Promise.withResolvers<ThreadPages>();
    const fetching = client.fetchQuery({ queryKey, queryFn: () => late.promise });
    insertReply(client, reply);
    expect(shown()).toEqual([2, ["theirs", "mine"]]);
    late.resolve(answer);
    await fetching;
    expect(shown()).toEqual([2, ["theirs", "mine"]]);
  }
});

it("keeps what was written before the first answer of a list came", async () => {
  const client = new QueryClient();
  const late = Promise.withResolvers<PostPage>();
  const loading = client.fetchInfiniteQuery(postListQuery(["first"], () => late.promise));
  patchPost(client, "a", (post) => ({ ...post, viewer: { liked: true }, likes_count: 1 }));
  late.resolve({ data: [a, b], next_cursor: null });
  await loading;
  const held = client.getQueryData<PostPages>(postKeys.list("first"));
  expect(held?.pages[0]?.data.map(({ viewer }) => viewer.liked)).toEqual([true, false]);
});
