import { useEffect, useEffectEvent } from "react";
import { storage } from "@/shared/lib/storage";
import { createStore } from "@/shared/lib/store";

// Single keys and two-key sequences ("g h") that act at once, by the letters on the keys' caps whatever the layout. They rest
// while one types, while a dialog is open, and when they are switched off (WCAG 2.1.4).

export type Bindings = Record<string, () => void>;

const key = "cruddur.hotkeys";
const patience = 1_200; // ms between the two keys of a sequence
const repeating = new Set(["j", "k"]); // go on while they are held; the others act once

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

/** Whether keys belong to what is written there. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(typing) !== null;
}

function isFree({ target, ctrlKey, metaKey, altKey, isComposing }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey || isComposing) return false;
  if (isTyping(target)) return false;
  return document.querySelector("dialog[open]") === null;
}

/** Follows the keys and tells which binding they complete; `null` for none. Keeps the first key of a sequence for a while. */
export function createSequence(now: () => number = Date.now) {
  let first = "";
  let until = 0;
  return (pressed: string, bindings: Bindings): string | null => {
    const sequence = now() < until ? `${first} ${pressed}` : pressed;
    first = "";
    until = 0;
    if (Object.hasOwn(bindings, sequence)) return sequence;
    if (Object.keys(bindings).some((each) => each.startsWith(`${pressed} `))) {
      first = pressed;
      until = now() + patience;
      return null;
    }
    return Object.hasOwn(bindings, pressed) ? pressed : null;
  };
}

/** Binds keys for as long as the component is on the page. A key's action takes the place of the browser's own. */
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
