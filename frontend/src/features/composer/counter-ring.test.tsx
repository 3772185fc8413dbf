import { act, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { CounterRing } from "./counter-ring";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const ring = (used: number) => <CounterRing id="count" used={used} limit={280} />;
const said = () => screen.getByRole("status").textContent;

it("says what is too much once typing rests, not at every key", () => {
  const { rerender } = render(ring(280));
  for (const used of [281, 282, 283]) {
    rerender(ring(used));
    act(() => vi.advanceTimersByTime(300));
    expect(said()).toBe("");
  }
  act(() => vi.advanceTimersByTime(1_000));
  expect(said()).toBe("3 characters too many");
  rerender(ring(280));
  act(() => vi.advanceTimersByTime(1_000));
  expect(said()).toBe("");
});
