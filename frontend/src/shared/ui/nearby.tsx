import {
  type ReactNode,
  startTransition,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";

// Pixels above and below the screen; more than a page of a list.
const reach = 10_000;

type Listener = (entry: IntersectionObserverEntry) => void;

// The heights of items that were away from the screen when they were last rendered, by id.
const heights = new Map<string, number>();
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

/** Remembers the height of what is not near the screen when its page is left. */
function noteHeight(id: string, element: Element): void {
  const { top, bottom, height } = element.getBoundingClientRect();
  const isSeen = bottom > -window.innerHeight && top < 2 * window.innerHeight;
  if (isSeen) heights.delete(id);
  else heights.set(id, height);
}

interface NearbyProps {
  /** Names the content, on every page that shows it. */
  id: string;
  children: ReactNode;
}

/**
 * Renders its content only near the screen; further away an empty box of the same height keeps its place, so that a list of a
 * thousand is as quick as one of a hundred. When one comes back to a list, what was on the screen is rendered at once and where
 * it was. Content that has the focus always stays.
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
        setHeight((height) => (isFar ? (height ?? boundingClientRect.height) : undefined)),
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
