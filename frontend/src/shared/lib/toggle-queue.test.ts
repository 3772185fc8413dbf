import { beforeEach, expect, it, vi } from "vitest";
import { createToggleQueue } from "./toggle-queue";

interface Sent {
  on: boolean;
  answer: (value: string) => void;
  fail: (error: Error) => void;
}

const sent: Sent[] = [];
const settled = vi.fn();
const failed = vi.fn();
const idle = vi.fn();

function queue(initial = false) {
  return createToggleQueue<string>({
    initial,
    send: (on) =>
      new Promise((resolve, reject) => sent.push({ on, answer: resolve, fail: reject })),
    refused: (error) => error instanceof Error && error.message === "no",
    settled,
    failed,
    idle,
  });
}

const flush = () => new Promise((resolve) => setTimeout(resolve));

beforeEach(() => {
  sent.length = 0;
  vi.resetAllMocks();
});

it("sends one request for one tap", async () => {
  queue().toggle();
  sent[0]?.answer("liked");
  await flush();
  expect(sent.map(({ on }) => on)).toEqual([true]);
  expect(settled).toHaveBeenCalledExactlyOnceWith("liked");
  expect(idle).toHaveBeenCalledOnce();
});

it("collapses fast taps into at most two requests", async () => {
  const taps = queue();
  for (let tap = 0; tap < 6; tap += 1) taps.toggle();
  sent[0]?.answer("liked");
  await flush();
  sent[1]?.answer("unliked");
  await flush();
  expect(sent.map(({ on }) => on)).toEqual([true, false]);
  expect(settled).toHaveBeenCalledExactlyOnceWith("unliked");
});

it("sends nothing more when the taps end where the request went", async () => {
  const taps = queue();
  for (let tap = 0; tap < 3; tap += 1) taps.toggle();
  sent[0]?.answer("liked");
  await flush();
  expect(sent).toHaveLength(1);
  expect(settled).toHaveBeenCalledOnce();
});

it("rolls back to what the server holds when it refuses", async () => {
  queue(true).toggle();
  const error = new Error("no");
  sent[0]?.fail(error);
  await flush();
  expect(failed).toHaveBeenCalledExactlyOnceWith(true, error);
  expect(settled).not.toHaveBeenCalled();
  expect(idle).toHaveBeenCalledOnce();
});

it("stays quiet about a failure that a later tap has undone", async () => {
  const taps = queue();
  expect(taps.toggle()).toBe(true);
  expect(taps.toggle()).toBe(false);
  sent[0]?.fail(new Error("no"));
  await flush();
  expect(failed).not.toHaveBeenCalled();
  expect(sent).toHaveLength(1);
});

it("sends the newest wish when nobody knows what became of the one before", async () => {
  const taps = queue();
  taps.toggle();
  taps.toggle();
  sent[0]?.fail(new Error("the answer was lost"));
  await flush();
  expect(sent.map(({ on }) => on)).toEqual([true, false]);
  sent[1]?.answer("not liked");
  await flush();
  expect(settled).toHaveBeenCalledExactlyOnceWith("not liked");
  expect(idle).toHaveBeenCalledOnce();
});
