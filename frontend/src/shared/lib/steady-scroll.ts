/**
 * A ref for a list of articles: keeps what is being read in its place on the screen when something above it grows or shrinks.
 * Browsers with scroll anchoring do so themselves; older versions of Safari do not.
 */
export function steadyScroll(list: HTMLElement | null): (() => void) | undefined {
  if (!list || CSS.supports("overflow-anchor", "auto")) return undefined;
  return holdStill(list);
}

function holdStill(list: HTMLElement): () => void {
  let anchor: Element | undefined;
  let top = 0;
  // Where the last correction scrolled to: the event that it fires is ignored.
  let ownScroll = -1;

  function note(): void {
    anchor = [...list.querySelectorAll("article")].find(
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
