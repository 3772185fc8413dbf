import { beforeEach, expect, it, vi } from "vitest";
import { start, subscribe } from "./dispatcher";
import type { LiveEvent } from "./live-event";
import { polling, waitAfter } from "./polling";

const heard = vi.fn<(event: LiveEvent) => unknown>();
let hidden = false;

beforeEach(() => {
  vi.useFakeTimers();
  hidden = false;
  vi.spyOn(document, "hidden", "get").mockImplementation(() => hidden);
  heard.mockReset();
  const endings = [
    subscribe("posts.new", heard),
    start(polling([{ type: "posts.new" }, { type: "activity.changed" }])),
  ];
  return () => {
    for (const end of endings) end();
    vi.useRealTimers();
  };
});

const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1_000);
const times = () => heard.mock.calls.length;
const show = (visible: boolean) => {
  hidden = !visible;
  document.dispatchEvent(new Event("visibilitychange"));
};

it("hints every half minute, to those who listen for that type", async () => {
  await pass(29);
  expect(times()).toBe(0);
  await pass(32);
  expect(heard.mock.calls).toEqual([[{ type: "posts.new" }], [{ type: "posts.new" }]]);
});

it("rests while the page is hidden, and hints once when it is back", async () => {
  show(false);
  await pass(300);
  expect(times()).toBe(0);
  show(true);
  window.dispatchEvent(new Event("focus"));
  await pass(2);
  expect(times()).toBe(1);
  await pass(30);
  expect(times()).toBe(2);
});

it("hints at once when the network is back", async () => {
  await pass(5);
  window.dispatchEvent(new Event("online"));
  await pass(0);
  expect(times()).toBe(1);
});

it("comes less often while it fails, and as before when it does not", async () => {
  vi.spyOn(Math, "random").mockReturnValue(1);
  heard.mockRejectedValue(new Error("no answer"));
  await pass(31); // fails
  await pass(58);
  expect(times()).toBe(1);
  await pass(2);
  expect(times()).toBe(2);
  heard.mockResolvedValue(undefined);
  await pass(120);
  expect(times()).toBe(3);
  await pass(30);
  expect(times()).toBe(4);
});

it("never waits longer than five minutes, nor all clients for the same time", () => {
  const waits = Array.from({ length: 50 }, () => waitAfter(12));
  expect(Math.max(...waits)).toBeLessThanOrEqual(300_000);
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(150_000);
  expect(new Set(waits).size).toBeGreaterThan(40);
});
