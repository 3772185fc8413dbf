import { draftKey } from "@/shared/lib/drafts";
import { storage } from "@/shared/lib/storage";
import { newUuid } from "@/shared/lib/uuid";

const keyLength = newUuid().length;
const unkept = new Map<string, string>(); // where the storage keeps nothing

const placeOf = (draft: string) => draftKey(`${draft}.submission`);

/**
 * An idempotency key for sending `content` from a draft. Until it is forgotten, sending the same again is the same submission,
 * after a failure, a reload or an answer that was lost; other content is a new one.
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

/** What is sent next is a submission of its own, even if it says the same. */
export function forgetSubmission(draft: string): void {
  storage.remove(placeOf(draft));
  unkept.delete(placeOf(draft));
}
