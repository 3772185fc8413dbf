import { useEffect, useEffectEvent, useRef } from "react";

const ahead = "2400px"; // how far before the end the next page is asked for

/** Calls once when the end of a list comes near. Leave it out while a page is on its way, so that each asks for one more only. */
export function EndSensor({ onReached }: { onReached: () => void }) {
  const ref = useRef<HTMLDivElement>(null);
  const reached = useEffectEvent(onReached);

  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const observer = new IntersectionObserver(
      (entries) => {
        // A busy page is told of several moves at once; any of them may be the one that counts.
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
