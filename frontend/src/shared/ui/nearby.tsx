import {
  type ReactNode,
  startTransition,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";

const reach = 10_000; // px above and below the screen; more than a page of a list

type Listener = (entry: IntersectionObserverEntry) => void;

const heights = new Map<string, number>(); // of what was away from the screen when last seen, by id
const listeners = new WeakMap<Element, Listener>();

let observer: IntersectionObserver | undefined;

function observe(element: Element, listener: Listener): () => void {
  observer ??= new IntersectionObserver(
    (entries) => {
      for (const entry of entries) listeners.get(entry.target)?.(entry);
    },
    { rootMargin: `${reach}px 0px` },
  );
  listeners.set(element, listener);
  observer.observe(element);
  return () => observer?.unobserve(element);
}

/** Notes the height of what is not on the screen, or next to it, when its page is left. */
function noteHeight(id: string, element: Element): void {
  const { top, bottom, height } = element.getBoundingClientRect();
  const isSeen = bottom > -window.innerHeight && top < 2 * window.innerHeight;
  if (isSeen) heights.delete(id);
  else heights.set(id, height);
}

interface NearbyProps {
  /** The same for the same content, on whatever page it stands. */
  id: string;
  children: ReactNode;
}

/**
 * Keeps what is many screens away out of the page, and its place free, so that a list of a thousand is as quick as one of a
 * hundred. On the way back to a list, what was on the screen is there at once, at the height where it was. What has the focus stays.
 */
export function Nearby({ id, children }: NearbyProps) {
  const ref = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState(() => heights.get(id));

  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    return observe(element, ({ isIntersecting, boundingClientRect }) => {
      const isFar = !isIntersecting && !element.contains(document.activeElement);
      startTransition(() =>
        setHeight((before) => (isFar ? (before ?? boundingClientRect.height) : undefined)),
      );
    });
  }, []);

  useLayoutEffect(() => {
    const element = ref.current;
    return () => {
      if (element) noteHeight(id, element);
    };
  }, [id]);

  const isFar = height !== undefined;
  return (
    <div ref={ref} style={isFar ? { height } : undefined}>
      {!isFar && children}
    </div>
  );
}
