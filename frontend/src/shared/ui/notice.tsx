import { TriangleAlert } from "lucide-react";
import { strings } from "@/shared/lib/i18n";
import { wordsFor } from "@/shared/lib/i18n/error-words";
import { Button } from "./button";
import { passFocusOn } from "./focus-content";

interface NoticeProps {
  error: unknown;
  onRetry: () => void;
}

/** An error in its place, with a way to try again. */
export function Notice({ error, onRetry }: NoticeProps) {
  return (
    <div
      ref={passFocusOn}
      role="alert"
      className="mx-4 my-6 flex flex-wrap items-center gap-x-4 gap-y-3 rounded-note border border-line bg-surface p-4 md:mx-0"
    >
      <TriangleAlert size={20} aria-hidden className="shrink-0 text-danger" />
      <p className="min-w-48 flex-1">{wordsFor(error)}</p>
      <Button onClick={onRetry}>{strings.problem.retry}</Button>
    </div>
  );
}
