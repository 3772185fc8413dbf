/**
 * A ref for a list of articles: keeps what is being read in its place on the screen when something above it grows or shrinks.
 * Browsers with scroll anchoring do so themselves; older versions of Safari do not.
 */
export function steadyScroll(list: HTMLElement | null): (() => void) | undefined {
  if (!list || CSS.supports("overflow-anchor", "auto")) return undefined;
  return holdStill(list);
}

/**
 * Scrolling leaves an article where it is in the document; only what grows or shrinks above it moves it there. So the place in the
 * document tells the two apart, whichever of their events comes first, and a page that became too short for its scroll position, which
 * the browser then lowers by itself, is led back to the last position that was seen before.
 */
function holdStill(list: HTMLElement): () => void {
  let anchor: Element | undefined;
  let place = 0; // of the anchor in the document
  let position = 0; // of the scroll, when the anchor was last seen in its place

  const placeOf = (item: Element) => item.getBoundingClientRect().top + window.scrollY;

  function note(): void {
    anchor = [...list.querySelectorAll("article")].find(
      (item) => !item.closest("[inert]") && item.getBoundingClientRect().top >= 0,
    );
    place = anchor ? placeOf(anchor) : 0;
    position = window.scrollY;
  }

  function hold(): void {
    const shift = anchor?.isConnected && position > 0 ? placeOf(anchor) - place : 0;
    // Less than a pixel is rounding.
    if (Math.abs(shift) >= 1) window.scrollTo({ top: position + shift, behavior: "instant" });
    note();
  }

  const observer = new ResizeObserver(hold);
  observer.observe(list);
  window.addEventListener("scroll", hold, { passive: true });
  return () => {
    observer.disconnect();
    window.removeEventListener("scroll", hold);
  };
}
