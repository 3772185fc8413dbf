import { useEffect, useState } from "react";

// In milliseconds.
const pause = 800;

/** `text` once it has stayed the same for a while, so that screen readers don't read every change while one types. */
export function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), pause);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
