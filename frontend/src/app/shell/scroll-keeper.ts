import { useEffect, useLayoutEffect } from "react";
import { useLocation, useNavigationType } from "react-router";
import { entryOf, keepPositions, recallPositions } from "./scroll-positions";

const patience = 3_000; // ms to wait for a page to grow as tall as it was

const positions = recallPositions(); // by history entry
let entry = "";

/** New pages start at the top; going back finds the page where it was left. */
export function useScrollKeeper(): void {
  const { key, pathname } = useLocation();
  const isReturn = useNavigationType() === "POP";

  useEffect(() => {
    window.history.scrollRestoration = "manual";
    const note = () => {
      positions.delete(entry); // the newest are last
      positions.set(entry, window.scrollY);
    };
    const keep = () => {
      note();
      keepPositions(positions);
    };
    window.addEventListener("scroll", note, { passive: true });
    window.addEventListener("pagehide", keep);
    return () => {
      window.removeEventListener("scroll", note);
      window.removeEventListener("pagehide", keep);
    };
  }, []);

  useLayoutEffect(() => {
    entry = entryOf(key, pathname);
    const target = isReturn ? (positions.get(entry) ?? 0) : 0;
    return scrollWhenTallEnough(target);
  }, [key, pathname, isReturn]);
}

function scrollWhenTallEnough(target: number): () => void {
  const until = performance.now() + patience;
  let frame = 0;
  const attempt = () => {
    window.scrollTo(0, target);
    if (window.scrollY < target - 1 && performance.now() < until) {
      frame = requestAnimationFrame(attempt);
    }
  };
  const stop = () => cancelAnimationFrame(frame);
  attempt();
  // Whoever scrolls by hand meanwhile has the say.
  for (const type of ["wheel", "touchstart", "keydown"]) {
    window.addEventListener(type, stop, { once: true, passive: true });
  }
  return stop;
}
