import { minute, second } from "@/shared/lib/time/duration";
import type { Source } from "./dispatcher";
import type { LiveEvent } from "./live-event";

const every = 30 * second;
const longest = 5 * minute; // between two beats while they fail
const apart = second; // a window that comes to the front says so more than once

/** Half of it for certain and half by chance, so that clients that failed together don't come back together. */
const jittered = (ms: number): number => ms / 2 + Math.random() * (ms / 2);

/** The wait after `failures` failures in a row. */
export function waitAfter(failures: number): number {
  return failures === 0 ? every : jittered(Math.min(longest, every * 2 ** failures));
}

/**
 * Hints on a timer, for a server that does not send any: every half minute while the page is on the screen, at once when it
 * comes back there or the network does, less often while they fail.
 */
export function polling(events: readonly LiveEvent[]): Source {
  return (publish) => {
    const leave = new AbortController();
    const { signal } = leave;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let failures = 0;
    let busy = false;
    let last = performance.now();

    function rest(): void {
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
      rest();
    }

    function wake(): void {
      const justNow = failures === 0 && performance.now() - last < apart;
      if (document.hidden || justNow) rest();
      else void beat();
    }

    document.addEventListener("visibilitychange", wake, { signal });
    window.addEventListener("focus", wake, { signal });
    window.addEventListener("online", wake, { signal });
    rest();
    return () => {
      leave.abort();
      clearTimeout(timer);
    };
  };
}
