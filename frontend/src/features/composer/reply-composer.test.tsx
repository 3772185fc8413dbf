import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { sessionStarted } from "@/shared/lib/auth/session";
import { draftKey } from "@/shared/lib/drafts";
import { anActivity } from "@/shared/testing/fixtures";
import { toasts } from "@/shared/ui/toaster-store";
import { ReplyComposer } from "./reply-composer";

const server = vi.hoisted(() => ({ POST: vi.fn() }));
vi.mock("@/shared/lib/api/client", () => ({
  api: () => server,
  unwrap: (request: Promise<unknown>) => request,
}));

sessionStarted("ada");

const box = () => screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Your reply" });
const type = (text: string) => fireEvent.change(box(), { target: { value: text } });

/** A box with a reply that is on its way. */
async function sending() {
  const onSent = vi.fn();
  const { promise, resolve } = Promise.withResolvers<unknown>();
  server.POST.mockReturnValueOnce(promise);
  const view = render(
    <QueryClientProvider client={new QueryClient()}>
      <ReplyComposer post={anActivity()} onSent={onSent} />
    </QueryClientProvider>,
  );
  type("Agreed");
  fireEvent.submit(screen.getByRole("form"));
  await screen.findByRole("button", { name: "Replying…" });
  return { ...view, onSent, arrive: () => act(async () => resolve(anActivity())) };
}

it("is done with when its reply is there", async () => {
  const { onSent, arrive } = await sending();
  await arrive();
  await waitFor(() => expect(onSent).toHaveBeenCalledOnce());
  expect(box().value).toBe("");
});

it("stays with what is written while a reply is on its way", async () => {
  const { onSent, arrive } = await sending();
  type("Agreed. But");
  await arrive();
  await screen.findByRole("button", { name: "Reply" });
  expect(box().value).toBe("Agreed. But");
  expect(onSent).not.toHaveBeenCalled();
});

it("forgets what was sent and says so when the box was left meanwhile", async () => {
  toasts.set([]);
  const { unmount, arrive } = await sending();
  unmount();
  await arrive();
  await waitFor(() => expect(toasts.get().map(({ text }) => text)).toEqual(["Replied."]));
  expect(Object.keys(localStorage).filter((key) => key.startsWith(draftKey("")))).toEqual([]);
});
