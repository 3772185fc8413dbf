import { act, render, screen } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import { anActivity } from "@/shared/testing/fixtures";
import { Living } from "./living";
import { fadeTime } from "./use-life";

const end = Date.parse("2026-11-22T11:00:00.000Z");
const post = anActivity({ expires_at: new Date(end).toISOString() });
const onGone = vi.fn();

function show() {
  render(
    <Living post={post} onGone={onGone}>
      <p>words</p>
    </Living>,
  );
}

beforeEach(() => {
  onGone.mockReset();
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

const pass = (ms: number) => act(() => void vi.advanceTimersByTime(ms));

it("lets a post fade when its time is up, and only then calls it gone", () => {
  vi.setSystemTime(end - 2_000);
  show();
  pass(1_000);
  expect(screen.getByText("words").closest("[inert]")).toBeNull();
  pass(1_000);
  expect(screen.getByText("words").closest("[inert]")).not.toBeNull();
  expect(onGone).not.toHaveBeenCalled();
  pass(fadeTime);
  expect(onGone).toHaveBeenCalledExactlyOnceWith(post);
});

it("never shows a post that was over before", () => {
  vi.setSystemTime(end + 1_000);
  show();
  expect(screen.queryByText("words")).toBeNull();
  pass(0);
  expect(onGone).toHaveBeenCalledOnce();
});

it("gives the focus to the next post when it leaves with it", () => {
  vi.setSystemTime(end - 1_000);
  render(
    <main id="content">
      <Living post={post} onGone={onGone}>
        <article data-post="leaving" tabIndex={-1}>
          <button type="button">Like</button>
        </article>
      </Living>
      <article data-post="next" tabIndex={-1}>
        staying
      </article>
    </main>,
  );
  screen.getByRole("button").focus();
  pass(1_000);
  expect(document.activeElement).toBe(screen.getByText("staying"));
});
