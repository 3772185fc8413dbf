import { useRef } from "react";
import { newUuid } from "@/shared/lib/uuid";

/** An idempotency key per content: trying the same again after a failure is the same submission, other content a new one. */
export function useSubmissionKey(): { for(content: string): string; spent(): void } {
  const current = useRef<{ content: string; key: string } | null>(null);
  return {
    for(content) {
      if (current.current?.content !== content) current.current = { content, key: newUuid() };
      return current.current.key;
    },
    spent() {
      current.current = null;
    },
  };
}
