import { renderHook } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { type Bindings, createSequence, useHotkeys } from "./hotkeys";

const bindings: Bindings = { j: vi.fn(), h: vi.fn(), "g h": vi.fn(), "g p": vi.fn() };

describe("createSequence", () => {
  it("finds a single key", () => {
    expect(createSequence()("j", bindings)).toBe("j");
  });

  it("waits for the second key of a sequence", () => {
    const press = createSequence();
    expect(press("g", bindings)).toBeNull();
    expect(press("h", bindings)).toBe("g h");
    expect(press("h", bindings)).toBe("h");
  });

  it("forgets the first key after a while", () => {
    let time = 0;
    const press = createSequence(() => time);
    press("g", bindings);
    time = 5_000;
    expect(press("h", bindings)).toBe("h");
  });

  it("takes a key that does not go on the sequence by itself", () => {
    const press = createSequence();
    press("g", bindings);
    expect(press("j", bindings)).toBe("j");
    expect(press("p", bindings)).toBeNull();
  });

  it("starts a sequence anew when its first key is pressed twice", () => {
    const press = createSequence();
    press("g", bindings);
    press("g", bindings);
    expect(press("p", bindings)).toBe("g p");
  });

  it("knows nothing of names that every object has", () => {
    expect(createSequence()("constructor", bindings)).toBeNull();
  });
});

it("goes on while j is held, and likes once while l is", () => {
  const bound = { j: vi.fn(), l: vi.fn() };
  renderHook(() => useHotkeys(bound));
  for (const key of ["j", "l"]) {
    for (const repeat of [false, true, true]) {
      window.dispatchEvent(new KeyboardEvent("keydown", { key, repeat, cancelable: true }));
    }
  }
  expect(bound.j).toHaveBeenCalledTimes(3);
  expect(bound.l).toHaveBeenCalledTimes(1);
});
