import { useEffect, useLayoutEffect } from "react";
import { useLocation, useNavigationType } from "react-router";

const patience = 1_000; // ms to wait for a page to grow as tall as it was

const positions = new Map<string, number>(); // by history entry; as long as the tab lives
let entry = "";

/** New pages start at the top; going back finds the page where it was left. */
export function useScrollKeeper(): void {
  const { key } = useLocation();
  const isReturn = useNavigationType() === "POP";

  useEffect(() => {
    window.history.scrollRestoration = "manual";
    const note = () => positions.set(entry, window.scrollY);
    window.addEventListener("scroll", note, { passive: true });
    return () => window.removeEventListener("scroll", note);
  }, []);

  useLayoutEffect(() => {
    entry = key;
    const target = isReturn ? (positions.get(key) ?? 0) : 0;
    return scrollWhenTallEnough(target);
  }, [key, isReturn]);
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
