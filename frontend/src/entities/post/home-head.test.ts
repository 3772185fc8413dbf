import { expect, it } from "vitest";
import { anActivity } from "@/shared/testing/fixtures";
import { freshIn, missingFrom, withHead } from "./home-head";
import type { Post, PostPage, PostPages } from "./post";

const now = Date.parse("2026-11-22T09:00:00.000Z");
const at = (uuid: string, time: string, parts: Partial<Post> = {}): Post =>
  anActivity({ uuid, created_at: `2026-11-22T${time}:00.000Z`, ...parts });
const page = (data: Post[], next_cursor: string | null = "more"): PostPage => ({
  data,
  next_cursor,
});
const feed = (...posts: Post[]): PostPages => ({ pages: [page(posts)], pageParams: [null] });
const ids = (pages: PostPages) => pages.pages.flatMap(({ data }) => data.map(({ uuid }) => uuid));

it("finds the posts that are newer than the feed and alive", () => {
  const head = page([
    at("new", "08:50"),
    at("over", "08:45", { expires_at: "2026-11-22T08:59:00.000Z" }),
    at("known", "08:00"),
    at("taken-out", "07:00"),
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
