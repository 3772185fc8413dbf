import { type RefObject, useEffect } from "react";

const gap = 8; // px

/** Lets what floats over the page step below the link, button or field that has the focus, so that it never covers it. */
export function useClearOfFocus(ref: RefObject<HTMLElement | null>, shown: boolean): void {
  useEffect(() => {
    if (!shown) return;
    const leave = new AbortController();
    const options = { signal: leave.signal, passive: true };
    const step = () => {
      if (ref.current) ref.current.style.translate = `0 ${stepNeeded(ref.current)}px`;
    };
    step();
    document.addEventListener("focusin", step, options);
    document.addEventListener("focusout", step, options);
    window.addEventListener("scroll", step, options);
    return () => leave.abort();
  }, [ref, shown]);
}

/** How far below its own place `floating` has to be. */
function stepNeeded(floating: HTMLElement): number {
  const focused = document.activeElement;
  if (!focused?.matches("a, button, input, textarea") || focused === floating) return 0;
  const top = floating.parentElement?.getBoundingClientRect().top ?? 0;
  const { offsetWidth, offsetHeight, offsetLeft } = floating;
  const start = offsetLeft + (floating.offsetParent?.getBoundingClientRect().left ?? 0);
  const box = focused.getBoundingClientRect();
  const covers =
    box.top < top + offsetHeight &&
    box.bottom > top &&
    box.left < start + offsetWidth &&
    box.right > start;
  return covers ? box.bottom - top + gap : 0;
}
