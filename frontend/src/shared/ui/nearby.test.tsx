import { act, render, screen } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";

type Report = (entries: Partial<IntersectionObserverEntry>[]) => void;

const height = 180;
let report: Report;

beforeEach(() => {
  vi.resetModules(); // the observer is the module's
  vi.stubGlobal(
    "IntersectionObserver",
    class {
      constructor(callback: Report) {
        report = callback;
      }
      observe() {}
      unobserve() {}
    },
  );
});

async function show(id: string) {
  const { Nearby } = await import("./nearby");
  const shown = render(
    <Nearby id={id}>
      <button type="button">content</button>
    </Nearby>,
  );
  const target = shown.container.firstElementChild as HTMLElement;
  const move = (isIntersecting: boolean) =>
    act(() =>
      report([{ target, isIntersecting, boundingClientRect: { height } as DOMRectReadOnly }]),
    );
  return { ...shown, target, move };
}

it("takes out what is far away, keeps its place, and brings it back", async () => {
  const { target, move } = await show("a");
  expect(screen.queryByText("content")).not.toBeNull();
  move(false);
  expect(screen.queryByText("content")).toBeNull();
  expect(target.style.height).toBe(`${height}px`);
  move(true);
  expect(screen.queryByText("content")).not.toBeNull();
  expect(target.style.height).toBe("");
});

it("keeps what has the focus", async () => {
  const { move } = await show("b");
  screen.getByText("content").focus();
  move(false);
  expect(screen.queryByText("content")).not.toBeNull();
});
