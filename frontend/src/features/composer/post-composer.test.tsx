import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import { ApiProblem, toProblem } from "@/shared/lib/api/problem";
import { anActivity } from "@/shared/testing/fixtures";
import { toasts } from "@/shared/ui/toaster-store";
import { PostComposer } from "./post-composer";

const server = vi.hoisted(() => ({ POST: vi.fn() }));
vi.mock("@/shared/lib/api/client", () => ({
  api: () => server,
  unwrap: (request: Promise<unknown>) => request,
}));

function show(client = new QueryClient()) {
  return render(
    <QueryClientProvider client={client}>
      <PostComposer />
    </QueryClientProvider>,
  );
}

/** The next post is on its way until it is told to arrive. */
function holdAnswer(): { arrive: () => Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  server.POST.mockReturnValueOnce(promise);
  return { arrive: () => act(async () => resolve(anActivity())) };
}

beforeEach(() => {
  server.POST.mockReset();
  toasts.set([]);
});

const box = () => screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Your post" });
const send = () => screen.getByRole<HTMLButtonElement>("button", { name: "Post" });
const type = (text: string) => fireEvent.change(box(), { target: { value: text } });
const keys = () => server.POST.mock.calls.map(([, init]) => init.params.header["Idempotency-Key"]);

it("keeps the draft over a reload and forgets it when it is sent", async () => {
  const { unmount } = show();
  type("half a thought");
  unmount();
  server.POST.mockResolvedValue(anActivity());
  const second = show();
  expect(box().value).toBe("half a thought");
  await userEvent.click(send());
  await waitFor(() => expect(box().value).toBe(""));
  second.unmount();
  show();
  expect(box().value).toBe("");
});

it("sends with Ctrl and Enter, trimmed, with the lifetime that was chosen", async () => {
  server.POST.mockResolvedValue(anActivity());
  show();
  type("  soup  ");
  await userEvent.click(screen.getByRole("radio", { name: "3 hours" }));
  fireEvent.keyDown(box(), { key: "Enter", ctrlKey: true });
  await waitFor(() => expect(server.POST).toHaveBeenCalledOnce());
  expect(server.POST.mock.calls[0]?.[1].body).toEqual({ message: "soup", ttl: "3-hours" });
});

it("keeps the text when sending fails, and tries again as the same submission", async () => {
  server.POST.mockRejectedValueOnce(new ApiProblem(503, ["server_busy"]));
  server.POST.mockResolvedValueOnce(anActivity());
  show();
  type("precious");
  await userEvent.click(send());
  expect((await screen.findByText(/server is busy/)).textContent).toBeDefined();
  expect(box().value).toBe("precious");
  await userEvent.click(send());
  await waitFor(() => expect(box().value).toBe(""));
  expect(new Set(keys()).size).toBe(1);
});

it("counts down what is left to wait after one post too many, and keeps the text", async () => {
  vi.useFakeTimers({ now: 0 });
  try {
    server.POST.mockRejectedValueOnce(toProblem(429, { errors: ["rate_limited"] }, "40"));
    server.POST.mockResolvedValueOnce(anActivity());
    show();
    type("one too many");
    const settle = () => act(() => vi.advanceTimersByTimeAsync(0));
    fireEvent.submit(screen.getByRole("form"));
    await settle();
    const alert = screen.getByRole("alert");
    const spoken = () => alert.querySelector(".sr-only")?.textContent;
    expect(spoken()).toBe("You're going fast. Try again in 40 seconds.");
    await act(() => vi.advanceTimersByTimeAsync(3_000));
    expect(screen.getByText("You're going fast. Try again in 37 seconds.")).toBeDefined();
    expect(spoken()).toBe("You're going fast. Try again in 40 seconds.");
    expect(box().value).toBe("one too many");
    await act(() => vi.advanceTimersByTimeAsync(37_000));
    expect(alert.textContent).toBe("You can try again now.");
    fireEvent.submit(screen.getByRole("form"));
    await settle();
    expect(box().value).toBe("");
    expect(new Set(keys()).size).toBe(1);
  } finally {
    vi.useRealTimers();
  }
});

it("uses another key for another text", async () => {
  server.POST.mockRejectedValue(new ApiProblem(503, ["server_busy"]));
  show();
  type("one");
  await userEvent.click(send());
  await waitFor(() => expect(send().disabled).toBe(false));
  type("two");
  await userEvent.click(send());
  await waitFor(() => expect(server.POST).toHaveBeenCalledTimes(2));
  expect(new Set(keys()).size).toBe(2);
});

it("sends nothing that is blank or too long", () => {
  show();
  expect(send().disabled).toBe(true);
  type("   ");
  expect(send().disabled).toBe(true);
  type("é".repeat(280));
  expect(send().disabled).toBe(false);
  type("é".repeat(281));
  expect(send().disabled).toBe(true);
  expect(screen.getAllByText("1 character too many").length).toBeGreaterThan(0);
});

it("keeps what is written while a post is on its way", async () => {
  const post = holdAnswer();
  show();
  type("Hello");
  await userEvent.click(send());
  type("Hello. And a second thought");
  await post.arrive();
  await screen.findByRole("button", { name: "Post" });
  expect(box().value).toBe("Hello. And a second thought");
  expect(localStorage.getItem("cruddur.draft.post")).toBe("Hello. And a second thought");
});

it("forgets what was sent and says so when the box was left meanwhile", async () => {
  const post = holdAnswer();
  const { unmount } = show();
  type("Hello");
  await userEvent.click(send());
  unmount();
  await post.arrive();
  await waitFor(() => expect(toasts.get().map(({ text }) => text)).toEqual(["Posted."]));
  show();
  expect(box().value).toBe("");
});

it("is still posting when one comes back to it, and sends once", async () => {
  const client = new QueryClient();
  const post = holdAnswer();
  const { unmount } = show(client);
  type("Hello");
  await userEvent.click(send());
  unmount();
  show(client);
  fireEvent.submit(screen.getByRole("form"));
  await screen.findByRole("button", { name: "Posting…" });
  await post.arrive();
  await waitFor(() => expect(box().value).toBe(""));
  expect(server.POST).toHaveBeenCalledOnce();
});

it("tries again as the same submission after a reload", async () => {
  server.POST.mockRejectedValueOnce(new ApiProblem(503, ["server_busy"]));
  server.POST.mockResolvedValueOnce(anActivity());
  const { unmount } = show();
  type("precious");
  await userEvent.click(send());
  await screen.findByText(/server is busy/);
  unmount();
  show();
  await userEvent.click(send());
  await waitFor(() => expect(box().value).toBe(""));
  expect(new Set(keys()).size).toBe(1);
});

it("takes a text that was emptied and written anew for another post", async () => {
  server.POST.mockRejectedValue(new ApiProblem(503, ["server_busy"]));
  show();
  for (const text of ["Good morning", "", "Good morning"]) {
    type(text);
    if (text) await userEvent.click(send());
    if (text) await screen.findByRole("button", { name: "Post" });
  }
  await waitFor(() => expect(server.POST).toHaveBeenCalledTimes(2));
  expect(new Set(keys()).size).toBe(2);
});

it("leaves the focus on the button while it sends", async () => {
  const post = holdAnswer();
  show();
  type("Hello");
  await userEvent.click(send());
  const sending = await screen.findByRole<HTMLButtonElement>("button", { name: "Posting…" });
  expect(sending.disabled).toBe(false);
  expect(sending.getAttribute("aria-disabled")).toBe("true");
  expect(document.activeElement).toBe(sending);
  await post.arrive();
  await waitFor(() => expect(document.activeElement).toBe(box()));
});
