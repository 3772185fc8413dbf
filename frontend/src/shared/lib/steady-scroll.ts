import { type RefObject, useEffect } from "react";

/**
 * Keeps what is being read where it is when something above it in the list grows or shrinks. Browsers with scroll anchoring do
 * so themselves; Safari has only lately come to it. `items` selects the parts that hold still.
 */
export function useSteadyScroll(list: RefObject<HTMLElement | null>, items: string): void {
  useEffect(() => {
    if (!list.current || CSS.supports("overflow-anchor", "auto")) return;
    return holdStill(list.current, items);
  }, [list, items]);
}

function holdStill(list: HTMLElement, items: string): () => void {
  let anchor: Element | undefined;
  let top = 0;
  let ownScroll = -1; // where the last correction led; the event that it fires says nothing new

  function note(): void {
    anchor = [...list.querySelectorAll(items)].find(
      (item) => !item.closest("[inert]") && item.getBoundingClientRect().top >= 0,
    );
    top = anchor?.getBoundingClientRect().top ?? 0;
  }

  const observer = new ResizeObserver(() => {
    if (anchor?.isConnected && window.scrollY > 0) {
      window.scrollBy({ top: anchor.getBoundingClientRect().top - top, behavior: "instant" });
      ownScroll = window.scrollY;
    }
    note();
  });
  observer.observe(list);
  const onScroll = () => {
    if (window.scrollY !== ownScroll) note();
  };
  window.addEventListener("scroll", onScroll, { passive: true });
  return () => {
    observer.disconnect();
    window.removeEventListener("scroll", onScroll);
  };
}
