export interface Countdown {
  /** Stops the time until `resume`. */
  hold(): void;
  resume(): void;
  cancel(): void;
}

/** Calls `onEnd` once after `ms` milliseconds, not counting the time that it was stopped. */
export function startCountdown(ms: number, onEnd: () => void): Countdown {
  let left = ms;
  let since = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function stop(): void {
    clearTimeout(timer);
    timer = undefined;
  }

  function resume(): void {
    if (timer !== undefined) return;
    since = performance.now();
    timer = setTimeout(onEnd, left);
  }

  resume();
  return {
    hold() {
      if (timer === undefined) return;
      left -= performance.now() - since;
      stop();
    },
    resume,
    cancel: stop,
  };
}
