import { useEffect, useEffectEvent } from "react";
import { storage } from "@/shared/lib/storage";
import { createStore } from "@/shared/lib/store";

// Shortcuts of one key, or of two that are pressed in sequence ("g h"). They go by the letter that a key gives in the present
// layout. They do nothing while one types, while a dialog is open, and when they are switched off (WCAG 2.1.4).

export type Bindings = Record<string, () => void>;

const key = "cruddur.hotkeys";
// Milliseconds between the two keys of a sequence.
const sequenceTime = 1_200;
// These act again while they are held down; the others act once.
const repeating = new Set(["j", "k"]);

export const hotkeysOn = createStore(storage.read(key) !== "off");

export function setHotkeys(on: boolean): void {
  if (on) storage.remove(key);
  else storage.write(key, "off");
  hotkeysOn.set(on);
}

window.addEventListener("storage", (event) => {
  if (event.key === key) hotkeysOn.set(event.newValue !== "off");
});

const typing = "input:not([type=radio],[type=checkbox]), textarea, select, [contenteditable]";

/** Whether keys pressed on this target are input to it. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(typing) !== null;
}

function isFree({ target, ctrlKey, metaKey, altKey, isComposing }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey || isComposing) return false;
  if (isTyping(target)) return false;
  return document.querySelector("dialog[open]") === null;
}

/**
 * Makes a function that takes each pressed key and returns the binding it completes, or null. It remembers a first key for a
 * while.
 */
export function createSequence(now: () => number = Date.now) {
  let first = "";
  let expiresAt = 0;
  return (pressed: string, bindings: Bindings): string | null => {
    const sequence = now() < expiresAt ? `${first} ${pressed}` : pressed;
    first = "";
    expiresAt = 0;
    if (Object.hasOwn(bindings, sequence)) return sequence;
    if (Object.keys(bindings).some((each) => each.startsWith(`${pressed} `))) {
      first = pressed;
      expiresAt = now() + sequenceTime;
      return null;
    }
    return Object.hasOwn(bindings, pressed) ? pressed : null;
  };
}

/** Binds keys for as long as the component is on the page. A bound key no longer does what the browser does with it. */
export function useHotkeys(bindings: Bindings): void {
  const current = useEffectEvent(() => bindings);
  useEffect(() => {
    const match = createSequence();
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || !hotkeysOn.get() || !isFree(event)) return;
      const found = match(event.key, current());
      if (found === null) return;
      event.preventDefault();
      if (event.repeat && !repeating.has(found)) return;
      current()[found]?.();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
}
