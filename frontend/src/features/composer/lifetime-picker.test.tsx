import { act, fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { TtlCode } from "@/shared/lib/config";
import { minute } from "@/shared/lib/time/duration";
import { LifetimePicker } from "./lifetime-picker";

function Picker() {
  const [ttl, setTtl] = useState<TtlCode>("1-hour");
  return <LifetimePicker value={ttl} onChange={setTtl} />;
}

beforeEach(() => {
  vi.useFakeTimers({ now: new Date("2026-11-22T08:00:30") });
});
afterEach(() => {
  vi.useRealTimers();
});

const said = () => screen.getByRole("status").textContent;
const seen = () => screen.getByText(/^gone /, { selector: "legend *" }).textContent;

it("says the end when it is chosen, not as minutes pass", () => {
  render(<Picker />);
  expect(seen()).toMatch(/^gone .*09:00$/);
  expect(said()).toBe("");
  act(() => vi.advanceTimersByTime(minute));
  expect(seen()).toMatch(/^gone .*09:01$/);
  expect(said()).toBe("");
  fireEvent.click(screen.getByRole("radio", { name: "3 hours" }));
  expect(seen()).toMatch(/^gone .*11:01$/);
  expect(said()).toBe(seen());
  act(() => vi.advanceTimersByTime(minute));
  expect(seen()).toMatch(/^gone .*11:02$/);
  expect(said()).toBe("");
});
