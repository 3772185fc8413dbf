import { useEffect, useEffectEvent, useRef } from "react";

// How far before the end of the list the next page is asked for.
const ahead = "2400px";

/** Calls once when the end of a list comes near. Don't render it while a page is being loaded, so that each page is asked for once. */
export function EndSensor({ onReached }: { onReached: () => void }) {
  const ref = useRef<HTMLDivElement>(null);
  const reached = useEffectEvent(onReached);

  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const observer = new IntersectionObserver(
      (entries) => {
        // A busy page gets several moves in one call; the end may be near in any of them.
        if (!entries.some((entry) => entry.isIntersecting)) return;
        observer.disconnect();
        reached();
      },
      { rootMargin: `0px 0px ${ahead} 0px` },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  return <div ref={ref} aria-hidden />;
}
