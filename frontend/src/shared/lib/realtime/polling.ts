import { minute, second } from "@/shared/lib/time/duration";
import type { Source } from "./dispatcher";
import type { LiveEvent } from "./live-event";

const interval = 30 * second;

// The longest wait between two beats while they fail.
const longest = 5 * minute;

// A window that comes to the front fires several events: a beat follows none that is more recent than this.
const leastGap = second;

/** Half of the time and a random part of the other half, so that clients that failed together don't come back together. */
const jittered = (ms: number): number => ms / 2 + Math.random() * (ms / 2);

/** The wait after `failures` failures in a row. */
export function waitAfter(failures: number): number {
  return failures === 0 ? interval : jittered(Math.min(longest, interval * 2 ** failures));
}

/**
 * Publishes hints on a timer, for a server that sends none: every half minute while the page is on the screen, at once when the
 * page or the network comes back, and less often while their handlers fail.
 */
export function polling(events: readonly LiveEvent[]): Source {
  return (publish) => {
    const lifetime = new AbortController();
    const { signal } = lifetime;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let failures = 0;
    let busy = false;
    let last = performance.now();

    function schedule(): void {
      clearTimeout(timer);
      if (document.hidden || signal.aborted) return;
      timer = setTimeout(() => void beat(), waitAfter(failures));
    }

    async function beat(): Promise<void> {
      if (busy || document.hidden) return;
      busy = true;
      last = performance.now();
      const results = await Promise.allSettled(events.map(publish));
      failures = results.some(({ status }) => status === "rejected") ? failures + 1 : 0;
      busy = false;
      schedule();
    }

    function wake(): void {
      const justNow = failures === 0 && performance.now() - last < leastGap;
      if (document.hidden || justNow) schedule();
      else void beat();
    }

    document.addEventListener("visibilitychange", wake, { signal });
    window.addEventListener("focus", wake, { signal });
    window.addEventListener("online", wake, { signal });
    schedule();
    return () => {
      lifetime.abort();
      clearTimeout(timer);
    };
  };
}
