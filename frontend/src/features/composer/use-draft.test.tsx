import { act, renderHook } from "@testing-library/react";
import { expect, it } from "vitest";
import { useDraft } from "./use-draft";

const key = "cruddur.draft.post";

function otherTab(oldValue: string, newValue: string): void {
  act(() => {
    window.dispatchEvent(new StorageEvent("storage", { key, oldValue, newValue }));
  });
}

it("is the same in every box of its name", () => {
  const one = renderHook(() => useDraft("post"));
  const two = renderHook(() => useDraft("post"));
  const other = renderHook(() => useDraft("reply"));
  act(() => one.result.current[1]("Half a thought"));
  expect(two.result.current[0]).toBe("Half a thought");
  expect(other.result.current[0]).toBe("");
  expect(localStorage.getItem(key)).toBe("Half a thought");
});

it("follows another tab that goes on with the same text", () => {
  const { result } = renderHook(() => useDraft("post"));
  act(() => result.current[1]("Half"));
  otherTab("Half", "Half a thought");
  expect(result.current[0]).toBe("Half a thought");
  otherTab("Half a thought", "");
  expect(result.current[0]).toBe("");
});

it("keeps what was typed here and nowhere else", () => {
  const { result } = renderHook(() => useDraft("post"));
  act(() => result.current[1]("Mine"));
  otherTab("", "Theirs");
  expect(result.current[0]).toBe("Mine");
});
