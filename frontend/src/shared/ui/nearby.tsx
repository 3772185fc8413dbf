import { type ReactNode, useEffect, useRef, useState } from "react";

const reach = "10000px"; // above and below the screen, more than a page of a list

const heights = new Map<string, number>(); // of what is far away, by id
const listeners = new WeakMap<Element, (entry: IntersectionObserverEntry) => void>();

let observer: IntersectionObserver | undefined;

function observe(element: Element, listener: (entry: IntersectionObserverEntry) => void) {
  observer ??= new IntersectionObserver(
    (entries) => {
      for (const entry of entries) listeners.get(entry.target)?.(entry);
    },
    { rootMargin: `${reach} 0px` },
  );
  listeners.set(element, listener);
  observer.observe(element);
  return () => observer?.unobserve(element);
}

interface NearbyProps {
  /** The same for the same content, on whatever page it stands. */
  id: string;
  children: ReactNode;
}

/**
 * Keeps what is many screens away out of the page, and its place free, so that a list of a thousand is as quick as one of a
 * hundred. What was near when its page was left is there at once on the way back, and all else has the height it had.
 * What has the focus stays.
 */
export function Nearby({ id, children }: NearbyProps) {
  const ref = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState(() => heights.get(id));

  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    return observe(element, ({ isIntersecting, boundingClientRect }) => {
      if (isIntersecting || element.contains(document.activeElement)) heights.delete(id);
      else if (!heights.has(id)) heights.set(id, boundingClientRect.height);
      setHeight(heights.get(id));
    });
  }, [id]);

  const far = height !== undefined;
  return (
    <div ref={ref} style={far ? { height } : undefined}>
      {!far && children}
    </div>
  );
}
