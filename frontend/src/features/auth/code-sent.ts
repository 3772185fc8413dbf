import { useEffect, useState } from "react";

// When a code was sent to which address, so that the next one is not asked for too early. Kept for this tab, through a reload.

export type CodePurpose = "sign-up" | "reset";

/** Seconds between two codes. */
export const codePause = 30;

const keyFor = (purpose: CodePurpose, email: string) =>
  `cruddur.code-sent.${purpose}.${email.toLowerCase()}`;

/** Notes that a code is on its way. */
export function noteCodeSent(purpose: CodePurpose, email: string): void {
  try {
    sessionStorage.setItem(keyFor(purpose, email), String(Date.now()));
  } catch {
    // The storage is full or blocked: the pause then ends with a reload.
  }
}

/** When the last code was sent, Unix ms by this machine's clock; 0 if there was none, or the clock was set back since. */
function lastSent(purpose: CodePurpose, email: string): number {
  try {
    const at = Number(sessionStorage.getItem(keyFor(purpose, email)));
    return at <= Date.now() ? at : 0;
  } catch {
    return 0;
  }
}

/** Seconds until another code may be asked for, counting down to 0, and what starts the pause anew. */
export function useCodePause(purpose: CodePurpose, email: string): [number, () => void] {
  const [sentAt, setSentAt] = useState(() => lastSent(purpose, email));
  const [now, setNow] = useState(Date.now);
  const left = Math.ceil(codePause - Math.max(0, now - sentAt) / 1000);
  const paused = left > 0;

  useEffect(() => {
    if (!paused) return;
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [paused]);

  const restart = () => {
    setSentAt(Date.now());
    setNow(Date.now());
  };
  return [Math.max(0, left), restart];
}
