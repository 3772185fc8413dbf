import { Unreachable } from "@/shared/lib/api/problem";

/** What deleting takes, a chunk of its own: members have it soon after the start, visitors never. */
export const loadDeletions = () =>
  import("./deletions").catch((cause) => {
    throw new Unreachable("a part of the client is missing", { cause });
  });
