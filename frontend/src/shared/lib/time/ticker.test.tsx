import { act, render, screen } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import { observeServerTime } from "./clock";
import { useTick } from "./ticker";

beforeEach(() => {
  vi.useFakeTimers({ now: 10_000 });
  return () => vi.useRealTimers();
});

function Watch({ onRender }: { onRender?: () => void }) {
  const text = useTick((now) => `second ${Math.floor(now / 1000)}`);
  onRender?.();
  return <p>{text}</p>;
}

function Minutes({ onRender }: { onRender: () => void }) {
  const minute = useTick((now) => Math.floor(now / 60_000));
  onRender();
  return <p>minute {minute}</p>;
}

it("ticks on whole seconds of the server's clock", () => {
  observeServerTime(10_700, 10_000, 10_000);
  render(<Watch />);
  expect(screen.getByText("second 10")).toBeDefined();
  act(() => void vi.advanceTimersByTime(299));
  expect(screen.getByText("second 10")).toBeDefined();
  act(() => void vi.advanceTimersByTime(1));
  expect(screen.getByText("second 11")).toBeDefined();
});

it("renders only when what was asked for changes", () => {
  const rendered = vi.fn();
  render(<Minutes onRender={rendered} />);
  const before = rendered.mock.calls.length;
  act(() => void vi.advanceTimersByTime(20_000));
  expect(rendered).toHaveBeenCalledTimes(before);
});

it("keeps one timer for everybody and none for nobody", () => {
  const { unmount } = render(
    <>
      <Watch />
      <Watch />
      <Watch />
    </>,
  );
  expect(vi.getTimerCount()).toBe(1);
  unmount();
  expect(vi.getTimerCount()).toBe(0);
});

it("shows a moved clock at once", () => {
  render(<Watch />);
  act(() => observeServerTime(3_610_000, 10_000, 10_000));
  expect(screen.getByText("second 3610")).toBeDefined();
});
