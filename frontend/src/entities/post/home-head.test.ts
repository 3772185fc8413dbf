import { QueryClient } from "@tanstack/react-query";
import { describe, expect, it, vi } from "vitest";
import { start } from "@/shared/lib/realtime/dispatcher";
import { anActivity } from "@/shared/testing/fixtures";
import { freshCount } from "./fresh-count";
import { followHead, freshIn, missingFrom, showFresh, withHead } from "./home-head";
import type { Post, PostPage, PostPages } from "./post";
import { forgetPost, insertPost } from "./post-cache";
import { postKeys } from "./post-list-query";
import { markTakenBack } from "./taken-back";

const server = vi.hoisted(() => ({ GET: vi.fn() }));
vi.mock("@/shared/lib/api/client", () => ({
  api: () => server,
  unwrap: (answer: unknown) => answer,
}));

const now = Date.parse("2026-11-22T09:00:00.000Z");
const at = (uuid: string, time: string, parts: Partial<Post> = {}): Post =>
  anActivity({ uuid, created_at: `2026-11-22T${time}:00.000Z`, ...parts });
const page = (data: Post[], next_cursor: string | null = "more"): PostPage => ({
  data,
  next_cursor,
});
const feed = (...posts: Post[]): PostPages => ({ pages: [page(posts)], pageParams: [null] });
const ids = (pages: PostPages) => pages.pages.flatMap(({ data }) => data.map(({ uuid }) => uuid));

it("finds the posts that the feed lacks, that are alive and not taken back", () => {
  markTakenBack("taken-back", "done");
  const head = page([
    at("new", "08:50"),
    at("over", "08:45", { expires_at: "2026-11-22T08:59:00.000Z" }),
    at("known", "08:00"),
    at("taken-back", "07:50"),
  ]);
  expect(freshIn(head, feed(at("known", "08:00")), now).map(({ uuid }) => uuid)).toEqual(["new"]);
});

it("puts them on top", () => {
  const head = page([at("new", "08:50"), at("known", "08:00")]);
  expect(ids(withHead(feed(at("known", "08:00")), head, now))).toEqual(["new", "known"]);
});

it("starts the feed anew rather than leaving a hole in it", () => {
  const head = page([at("c", "08:50"), at("b", "08:40")]);
  const next = withHead(feed(at("a", "06:00")), head, now);
  expect(ids(next)).toEqual(["c", "b"]);
  expect(next.pages[0]?.next_cursor).toBe("more");
});

it("knows a post that the newest page reaches down to and does not hold", () => {
  const known = [at("c", "08:50"), at("b", "08:40"), at("a", "06:00")];
  const missing = (head: PostPage) => missingFrom(head, known).map(({ uuid }) => uuid);
  expect(missing(page([at("c", "08:50"), at("low", "08:00")]))).toEqual(["b"]);
  expect(missing(page([at("c", "08:50")], null))).toEqual(["b", "a"]);
  expect(missing(page([], null))).toEqual(["c", "b", "a"]);
});

describe("the head of the home feed", () => {
  const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
  const made = (uuid: string, minutesAgo: number) =>
    anActivity({
      uuid,
      created_at: new Date(Date.now() - minutesAgo * 60_000).toISOString(),
      expires_at: inAnHour,
    });

  function following(...posts: Post[]) {
    const client = new QueryClient();
    const end = followHead(client);
    let hint: () => unknown = () => undefined;
    start((publish) => {
      hint = () => publish({ type: "posts.new" });
      return () => undefined;
    });
    client.setQueryData<PostPages>(postKeys.home, feed(...posts));
    return {
      client,
      end,
      shown: () => ids(client.getQueryData<PostPages>(postKeys.home) ?? feed()),
      look: async (...answer: Post[]) => {
        server.GET.mockResolvedValue(page(answer, null));
        await hint();
      },
    };
  }

  it("keeps what waits when one posts oneself", async () => {
    const [own, waiting, old] = [made("own", 0), made("waiting", 5), made("old", 60)];
    const { client, end, look, shown } = following(old);
    await look(waiting, old);
    insertPost(client, own);
    expect(freshCount.get()).toBe(1);
    showFresh(client);
    expect(shown()).toEqual(["own", "waiting", "old"]);
    end();
  });

  it("does not take a deleted post for a new one", async () => {
    const [own, old] = [made("gone", 1), made("old", 60)];
    const { client, end, look } = following(own, old);
    await look(own, old);
    markTakenBack("gone", "done");
    forgetPost(client, own);
    expect(freshCount.get()).toBe(0);
    end();
  });
});
