import { useEffect, useLayoutEffect } from "react";
import { useLocation, useNavigationType } from "react-router";
import { entryOf, keepPositions, recallPositions } from "./scroll-positions";

// Milliseconds to wait for a page to grow as tall as it was.
const growTime = 3_000;

// By history entry.
const positions = recallPositions();
let entry = "";

/** New pages start at the top. When one goes back, the page is scrolled to where it was left. */
export function useScrollKeeper(): void {
  const { key, pathname } = useLocation();
  const isReturn = useNavigationType() === "POP";

  useEffect(() => {
    window.history.scrollRestoration = "manual";
    const note = () => {
      // Deleted first, so that the newest entry is the last one.
      positions.delete(entry);
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
  const deadline = performance.now() + growTime;
  let frame = 0;
  const attempt = () => {
    window.scrollTo(0, target);
    if (window.scrollY < target - 1 && performance.now() < deadline) {
      frame = requestAnimationFrame(attempt);
    }
  };
  const stop = () => cancelAnimationFrame(frame);
  attempt();
  // A person who scrolls meanwhile ends the attempts.
  for (const type of ["wheel", "touchstart", "keydown"]) {
    window.addEventListener(type, stop, { once: true, passive: true });
  }
  return stop;
}
