import { QueryClient, QueryClientProvider, useInfiniteQuery } from "@tanstack/react-query";
import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import { ApiProblem, toProblem } from "@/shared/lib/api/problem";
import { signInPrompt } from "@/shared/lib/auth/sign-in-prompt";
import { anActivity } from "@/shared/testing/fixtures";
import { toasts } from "@/shared/ui/toaster-store";
import { LikeButton } from "./like-button";
import type { PostPages } from "./post";
import { postKeys } from "./post-list-query";
import { homeQuery } from "./post-queries";

const server = vi.hoisted(() => ({ PUT: vi.fn(), DELETE: vi.fn(), GET: vi.fn() }));
const session = vi.hoisted(() => ({ member: true }));

vi.mock("@/shared/lib/api/client", () => ({
  api: () => server,
  unwrap: (request: Promise<unknown>) => request,
}));
vi.mock("@/shared/lib/auth/session", () => ({
  isMember: () => session.member,
  onSessionChange: vi.fn(),
}));

const post = anActivity({ likes_count: 4 });

let client: QueryClient;

function Feed() {
  const { data } = useInfiniteQuery({ ...homeQuery, enabled: false });
  const first = data?.pages[0]?.data[0];
  return first ? <LikeButton post={first} /> : null;
}

beforeEach(() => {
  session.member = true;
  signInPrompt.set(false);
  toasts.set([]);
  server.PUT.mockReset();
  server.DELETE.mockReset();
  client = new QueryClient();
  client.setQueryData<PostPages>(postKeys.home, {
    pages: [{ data: [post], next_cursor: null }],
    pageParams: [null],
  });
  render(
    <QueryClientProvider client={client}>
      <Feed />
    </QueryClientProvider>,
  );
});

const button = () => screen.getByRole("button", { name: /^Like/ });
const shown = () => ({
  pressed: button().getAttribute("aria-pressed"),
  count: button().textContent?.replace(/\D/g, ""),
});
const refetch = () => client.fetchInfiniteQuery({ ...homeQuery, staleTime: 0 });
const held = () => client.getQueryData<PostPages>(postKeys.home)?.pages[0]?.data[0]?.viewer.liked;
const tap = () => act(() => void fireEvent.click(button()));

it("likes at once and then shows the server's count", async () => {
  const { promise, resolve } = Promise.withResolvers();
  server.PUT.mockReturnValue(promise);
  tap();
  await waitFor(() => expect(shown()).toEqual({ pressed: "true", count: "5" }));
  resolve({ uuid: post.uuid, liked: true, likes_count: 9 });
  await waitFor(() => expect(shown()).toEqual({ pressed: "true", count: "9" }));
});

it("takes the like back off the screen when the server refuses", async () => {
  const { promise, reject } = Promise.withResolvers();
  server.PUT.mockReturnValue(promise);
  tap();
  await waitFor(() => expect(shown().pressed).toBe("true"));
  reject(new ApiProblem(503, ["server_busy"]));
  await waitFor(() => expect(shown()).toEqual({ pressed: "false", count: "4" }));
});

it("goes back when it is one too many, both ways, and says in one toast when to come back", async () => {
  const refusal = (seconds: string) =>
    Promise.reject(toProblem(429, { errors: ["rate_limited"] }, seconds));
  const said = () => toasts.get().map(({ text }) => text);
  server.PUT.mockReturnValueOnce(refusal("40"));
  tap();
  await waitFor(() => expect(said()).toEqual(["You're going fast. Try again in 40 seconds."]));
  await waitFor(() => expect(shown()).toEqual({ pressed: "false", count: "4" }));
  server.PUT.mockResolvedValueOnce({ uuid: post.uuid, liked: true, likes_count: 5 });
  tap();
  await waitFor(() => expect(held()).toBe(true));
  server.DELETE.mockReturnValueOnce(refusal("30"));
  tap();
  await waitFor(() => expect(said()).toEqual(["You're going fast. Try again in 30 seconds."]));
  await waitFor(() => expect(shown()).toEqual({ pressed: "true", count: "5" }));
});

it("is not taken off the screen by an answer with the old state", async () => {
  const { promise, resolve } = Promise.withResolvers();
  server.PUT.mockReturnValue(promise);
  server.GET.mockResolvedValue({ data: [{ ...post, likes_count: 6 }], next_cursor: null });
  tap();
  await waitFor(() => expect(shown()).toEqual({ pressed: "true", count: "5" }));
  await act(() => refetch());
  // Two others came; one's own like is counted on top.
  await waitFor(() => expect(shown()).toEqual({ pressed: "true", count: "7" }));
  resolve({ uuid: post.uuid, liked: true, likes_count: 7 });
  await waitFor(() => expect(held()).toBe(true));
  expect(shown()).toEqual({ pressed: "true", count: "7" });
});

it("is not taken off by an answer that was asked for before, nor counted twice", async () => {
  const late = Promise.withResolvers();
  server.GET.mockReturnValue(late.promise);
  server.PUT.mockResolvedValue({ uuid: post.uuid, liked: true, likes_count: 5 });
  const asked = refetch();
  tap();
  await waitFor(() => expect(held()).toBe(true));
  late.resolve({ data: [post], next_cursor: null });
  await act(() => asked);
  expect(shown()).toEqual({ pressed: "true", count: "5" });
});

it("asks a visitor to sign in and sends nothing", () => {
  session.member = false;
  tap();
  expect(signInPrompt.get()).toBe(true);
  expect(server.PUT).not.toHaveBeenCalled();
  expect(shown()).toEqual({ pressed: "false", count: "4" });
});
