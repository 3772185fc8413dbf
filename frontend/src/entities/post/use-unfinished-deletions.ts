import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useMe } from "@/entities/user/user-queries";
import { ownedFor } from "./deletion-journal";
import { finishDeletions } from "./deletions";

/** Carries out the deletions that one asked for in a page that was closed before they were confirmed. */
export function useUnfinishedDeletions(): void {
  const client = useQueryClient();
  const author = useMe()?.uuid;
  useEffect(() => {
    if (!author) return;
    finishDeletions(client, author);
    // The page that has just been closed may have been at it until then.
    const again = setTimeout(() => finishDeletions(client, author), ownedFor + 1_000);
    return () => clearTimeout(again);
  }, [client, author]);
}
