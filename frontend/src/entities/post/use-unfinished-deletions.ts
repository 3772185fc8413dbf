import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useMe } from "@/entities/user/user-queries";
import { second } from "@/shared/lib/time/duration";
import { loadDeletions } from "./load-deletions";

// After so long, a page that was closed just now has been silent long enough for its entries to be taken over.
const again = 11 * second;

/** Carries out deletions that were asked for in a page which was closed before the server confirmed them. */
export function useUnfinishedDeletions(): void {
  const client = useQueryClient();
  const author = useMe()?.uuid;
  useEffect(() => {
    if (!author) return;
    const finish = () =>
      loadDeletions().then(
        ({ finishDeletions }) => finishDeletions(client, author),
        // The next start tries again.
        () => undefined,
      );
    void finish();
    const timer = setTimeout(() => void finish(), again);
    return () => clearTimeout(timer);
  }, [client, author]);
}
