import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { MemoryRouter } from "react-router";
import { beforeEach, expect, it, vi } from "vitest";
import { ApiProblem } from "@/shared/lib/api/problem";
import { anActivity } from "@/shared/testing/fixtures";
import { patchPost } from "./post-cache";
import { PostFeed } from "./post-feed";
import { type FetchPage, postListQuery } from "./post-list-query";

// A list page as docs/development.md has it: a query of its own name over a function that fetches pages.
const fetchPage = vi.fn<FetchPage>();
const soupQuery = () => postListQuery(["tag", "soup"], fetchPage);

const life = { expires_at: new Date(Date.now() + 3_600_000).toISOString() };
const first = anActivity({ uuid: "first", message: "First soup", ...life });
const second = anActivity({ uuid: "second", message: "Second soup", ...life });

let client: QueryClient;

beforeEach(() => {
  vi.stubGlobal(
    "IntersectionObserver",
    class {
      observe() {}
      disconnect() {}
      unobserve() {}
    },
  );
  vi.stubGlobal("CSS", { supports: () => true });
  client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  fetchPage.mockReset();
  return () => vi.unstubAllGlobals();
});

const show = () =>
  render(
    <QueryClientProvider client={client}>
      <MemoryRouter>
        <PostFeed query={soupQuery()} label="Soups" empty={<p>no soup</p>} />
      </MemoryRouter>
    </QueryClientProvider>,
  );

const messages = () =>
  screen.getAllByRole("article").map((article) => article.querySelector("p[dir]")?.textContent);

it("shows any list, page by page, each post once", async () => {
  fetchPage.mockResolvedValueOnce({ data: [first], next_cursor: "next" });
  fetchPage.mockResolvedValueOnce({ data: [first, second], next_cursor: null });
  show();
  await screen.findByRole("feed", { name: "Soups" });
  expect(messages()).toEqual(["First soup"]);
  await userEvent.click(screen.getByRole("button", { name: "Load more" }));
  await waitFor(() => expect(messages()).toEqual(["First soup", "Second soup"]));
  expect(fetchPage.mock.calls.map(([cursor]) => cursor)).toEqual([null, "next"]);
});

it("is reached by what changes a post anywhere", async () => {
  fetchPage.mockResolvedValue({ data: [first], next_cursor: null });
  show();
  await screen.findByText("First soup");
  act(() => patchPost(client, "first", (post) => ({ ...post, likes_count: 12 })));
  await screen.findByText("12");
});

it("says when there is nothing", async () => {
  fetchPage.mockResolvedValue({ data: [], next_cursor: null });
  show();
  await screen.findByText("no soup");
});

it("keeps what is there when a refresh fails, and tries again", async () => {
  fetchPage.mockResolvedValueOnce({ data: [first], next_cursor: null });
  show();
  await screen.findByText("First soup");
  fetchPage.mockRejectedValueOnce(new ApiProblem(503, ["server_busy"]));
  await act(() => client.refetchQueries());
  expect((await screen.findByRole("alert")).textContent).toContain("The server is busy");
  expect(messages()).toEqual(["First soup"]);
  fetchPage.mockResolvedValueOnce({ data: [second, first], next_cursor: null });
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  await waitFor(() => expect(messages()).toEqual(["Second soup", "First soup"]));
  expect(screen.queryByRole("alert")).toBeNull();
});
