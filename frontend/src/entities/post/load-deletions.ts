import { Unreachable } from "@/shared/lib/api/problem";

/** Loads the code for deleting, a chunk of its own. Members load it soon after the start, visitors never. */
export const loadDeletions = () =>
  import("./deletions").catch((cause) => {
    throw new Unreachable("a part of the client is missing", { cause });
  });
