import { act, fireEvent, render, screen } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import { Toaster } from "./toaster";
import { toast, toasts, withdraw } from "./toaster-store";

const run = vi.fn();
const onClosed = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  run.mockReset();
  onClosed.mockReset();
  render(<Toaster />);
  act(() => void toast("Gone.", { lasts: 6_000, action: { label: "Undo", run }, onClosed }));
  return () => {
    for (const { id } of toasts.get()) withdraw(id);
    vi.useRealTimers();
  };
});

const pass = (ms: number) => act(() => void vi.advanceTimersByTime(ms));
const undo = () => screen.getByRole("button", { name: "Undo" });

it("goes after its time and says so", () => {
  pass(5_900);
  expect(onClosed).not.toHaveBeenCalled();
  pass(200);
  expect(onClosed).toHaveBeenCalledOnce();
  expect(screen.queryByText("Gone.")).toBeNull();
});

it("waits while the pointer or the focus is on it", () => {
  pass(4_000);
  fireEvent.pointerOver(undo());
  pass(60_000);
  fireEvent.pointerOut(undo());
  act(() => undo().focus());
  pass(60_000);
  expect(onClosed).not.toHaveBeenCalled();
  act(() => undo().blur());
  pass(2_100);
  expect(onClosed).toHaveBeenCalledOnce();
});

it("takes its action once, and is not closed besides", () => {
  fireEvent.click(undo());
  pass(10_000);
  expect(run).toHaveBeenCalledOnce();
  expect(onClosed).not.toHaveBeenCalled();
});

it("takes its action by Ctrl or ⌘ and Z, but not out of a text field", () => {
  const field = document.body.appendChild(document.createElement("textarea"));
  fireEvent.keyDown(field, { key: "z", ctrlKey: true });
  expect(run).not.toHaveBeenCalled();
  fireEvent.keyDown(document.body, { key: "z", metaKey: true });
  expect(run).toHaveBeenCalledOnce();
  field.remove();
});

it("is closed by its button", () => {
  fireEvent.click(screen.getByRole("button", { name: "Dismiss" }));
  expect(onClosed).toHaveBeenCalledOnce();
});
