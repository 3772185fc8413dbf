import { useState } from "react";
import { waitsUntil, wordsFor } from "@/shared/lib/i18n/error-words";
import { serverNow } from "@/shared/lib/time/clock";
import { useTick } from "@/shared/lib/time/ticker";

/** What went wrong. When the server said how long to wait, the words count down until one may try again. */
export function ProblemWords({ error }: { error: unknown }) {
  const end = waitsUntil(error);
  if (end === undefined) return wordsFor(error);
  return <Wait key={end} error={error} end={end} />;
}

function Wait({ error, end }: { error: unknown; end: number }) {
  const [start] = useState(serverNow);
  const shown = useTick((now) => wordsFor(error, now));
  const isOver = useTick((now) => now >= end);
  if (isOver) return shown;
  // Screen readers hear the wait when it begins and its end, but not every second.
  return (
    <>
      <span aria-hidden className="digits">
        {shown}
      </span>
      <span className="sr-only">{wordsFor(error, start)}</span>
    </>
  );
}
