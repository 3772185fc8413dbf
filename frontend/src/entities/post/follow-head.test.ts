import { QueryClient } from "@tanstack/react-query";
import { beforeEach, expect, it, vi } from "vitest";
import { start } from "@/shared/lib/realtime/dispatcher";
import type { LiveEvent } from "@/shared/lib/realtime/live-event";
import { anActivity } from "@/shared/testing/fixtures";
import { freshCount } from "./fresh-count";
import { followHead, showFresh } from "./home-head";
import type { Post, PostPages } from "./post";
import { postKeys } from "./post-list-query";
import { takenBack, unmarkTakenBack } from "./taken-back";

const server = vi.hoisted(() => ({ GET: vi.fn() }));
vi.mock("@/shared/lib/api/client", () => ({
  api: () => server,
  unwrap: (request: Promise<unknown>) => request,
}));

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const aPost = (uuid: string, minutes: number, parts: Partial<Post> = {}): Post =>
  anActivity({ uuid, created_at: ago(minutes), expires_at: ago(-60), ...parts });

const older = aPost("older", 20);
const newer = aPost("newer", 10);
const justNow = aPost("just-now", 0);

let client: QueryClient;
let hint: () => Promise<void>;

const home = () => client.getQueryData<PostPages>(postKeys.home)?.pages.flatMap(({ data }) => data);
const load = (...posts: Post[]) =>
  client.setQueryData<PostPages>(postKeys.home, {
    pages: [{ data: posts, next_cursor: null }],
    pageParams: [null],
  });
const answer = (...posts: Post[]) =>
  server.GET.mockResolvedValue({ data: posts, next_cursor: null });

beforeEach(() => {
  server.GET.mockReset();
  unmarkTakenBack("newer");
  client = new QueryClient();
  const endings = [
    followHead(client),
    start((publish: (event: LiveEvent) => Promise<void>) => {
      hint = () => publish({ type: "posts.new" });
      return () => undefined;
    }),
  ];
  return () => {
    for (const end of endings) end();
  };
});

it("keeps new posts back until they are asked for, and counts them", async () => {
  load(newer, older);
  answer(aPost("fresh", 1), newer, older);
  await hint();
  expect(home()).toHaveLength(2);
  expect(freshCount.get()).toBe(1);
  expect(showFresh(client)?.uuid).toBe("fresh");
  expect(home()?.map(({ uuid }) => uuid)).toEqual(["fresh", "newer", "older"]);
  expect(freshCount.get()).toBe(0);
});

it("takes the counts of known posts from it", async () => {
  load(newer, older);
  answer({ ...newer, likes_count: 3, viewer: { liked: true }, replies_count: 2 }, older);
  await hint();
  expect(home()?.[0]).toMatchObject({ likes_count: 3, viewer: { liked: true }, replies_count: 2 });
  expect(home()?.[1]).toBe(older);
});

it("knows what was taken back, but not by a post that is new to the server", async () => {
  load(justNow, newer, older);
  answer(older);
  await hint();
  expect(takenBack("newer")).toBe("done");
  expect(takenBack("just-now")).toBeUndefined();
});

it("asks for nothing as long as there is no feed", async () => {
  await hint();
  expect(server.GET).not.toHaveBeenCalled();
});

it("lets the source know that it failed", async () => {
  load(newer);
  server.GET.mockRejectedValue(new Error("no answer"));
  await expect(hint()).rejects.toThrow("no answer");
});
