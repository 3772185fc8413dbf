import { type RefObject, useEffect } from "react";

const gapPixels = 8;

/** Moves what floats over the page below the link, button or field that has the focus, so that it never covers that. */
export function useClearOfFocus(ref: RefObject<HTMLElement | null>, shown: boolean): void {
  useEffect(() => {
    if (!shown) return;
    const lifetime = new AbortController();
    const options = { signal: lifetime.signal, passive: true };
    const step = () => {
      if (ref.current) ref.current.style.translate = `0 ${stepNeeded(ref.current)}px`;
    };
    step();
    document.addEventListener("focusin", step, options);
    document.addEventListener("focusout", step, options);
    window.addEventListener("scroll", step, options);
    return () => lifetime.abort();
  }, [ref, shown]);
}

/** By how many pixels `floating` has to move down. */
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
  return covers ? box.bottom - top + gapPixels : 0;
}
