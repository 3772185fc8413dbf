import { useState } from "react";
import { waitsUntil, wordsFor } from "@/shared/lib/i18n/error-words";
import { serverNow } from "@/shared/lib/time/clock";
import { useTick } from "@/shared/lib/time/ticker";

/** What went wrong. Where it is known how long to wait, that counts down until one may try again. */
export function ProblemWords({ error }: { error: unknown }) {
  const until = waitsUntil(error);
  if (until === undefined) return wordsFor(error);
  return <Wait key={until} error={error} until={until} />;
}

function Wait({ error, until }: { error: unknown; until: number }) {
  const [since] = useState(serverNow);
  const shown = useTick((now) => wordsFor(error, now));
  const isOver = useTick((now) => now >= until);
  if (isOver) return shown;
  // Screen readers hear the wait once and its end, not each second.
  return (
    <>
      <span aria-hidden className="digits">
        {shown}
      </span>
      <span className="sr-only">{wordsFor(error, since)}</span>
    </>
  );
}
