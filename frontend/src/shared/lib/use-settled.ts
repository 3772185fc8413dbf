import { useEffect, useState } from "react";

const pause = 800; // ms

/** `text` once it has stayed the same for a while, so that screen readers don't say every step on the way. */
export function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), pause);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
