import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useMe } from "@/entities/user/user-queries";
import { second } from "@/shared/lib/time/duration";
import { loadDeletions } from "./load-deletions";

const again = 11 * second; // by then a page that was closed just now has been silent for long enough

/** Carries out the deletions that one asked for in a page that was closed before they were confirmed. */
export function useUnfinishedDeletions(): void {
  const client = useQueryClient();
  const author = useMe()?.uuid;
  useEffect(() => {
    if (!author) return;
    const finish = () =>
      loadDeletions().then(
        ({ finishDeletions }) => finishDeletions(client, author),
        () => undefined, // the next start will do
      );
    void finish();
    const timer = setTimeout(() => void finish(), again);
    return () => clearTimeout(timer);
  }, [client, author]);
}
