import { draftKey } from "@/shared/lib/drafts";
import { storage } from "@/shared/lib/storage";
import { newUuid } from "@/shared/lib/uuid";

const keyLength = newUuid().length;
// The keys, where the storage is full or blocked.
const unkept = new Map<string, string>();

const placeOf = (draft: string) => draftKey(`${draft}.submission`);

/**
 * The idempotency key for sending `content` from a draft. As long as the content stays the same and the key is not forgotten, the
 * key stays the same: after a failure, a reload or a lost answer the server thus makes one post only.
 */
export function submissionKey(draft: string, content: string): string {
  const place = placeOf(draft);
  const last = storage.read(place) ?? unkept.get(place) ?? "";
  const lastKey = last.slice(0, keyLength);
  if (last === `${lastKey} ${content}`) return lastKey;
  const key = newUuid();
  const submission = `${key} ${content}`;
  storage.write(place, submission);
  if (storage.read(place) !== submission) unkept.set(place, submission);
  return key;
}

/** Makes the next submission a new one, even with the same content. */
export function forgetSubmission(draft: string): void {
  storage.remove(placeOf(draft));
  unkept.delete(placeOf(draft));
}
