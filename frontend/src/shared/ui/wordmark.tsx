import type { CSSProperties } from "react";
import { strings } from "@/shared/lib/i18n";

/** The name, its letters burning down from the left's full ink to the right's ash. */
export function Wordmark() {
  return (
    <span className="wordmark font-display text-title-m font-extrabold tracking-tight">
      <span className="sr-only">{strings.app.name}</span>
      {[...strings.app.name.toLowerCase()].map((letter, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the letters never move
        <span key={index} aria-hidden style={{ "--letter": index } as CSSProperties}>
          {letter}
        </span>
      ))}
    </span>
  );
}
