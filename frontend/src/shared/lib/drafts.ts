import { storage } from "./storage";

// What somebody has begun to write on this device. It outlives a reload and the end of a session, and belongs to one
// person: whoever signs in next does not see it.

const prefix = "cruddur.draft.";
const ownerKey = "cruddur.drafts-of";

export const draftKey = (name: string): string => prefix + name;

/** Forgets every draft, and whose they were. */
export function dropDrafts(): void {
  for (const key of storage.keys()) if (key.startsWith(prefix)) storage.remove(key);
  storage.remove(ownerKey);
}

/** From now on drafts are those of the account `owner`; another's are forgotten. */
export function claimDrafts(owner: string): void {
  const before = storage.read(ownerKey);
  if (before !== null && before !== owner) dropDrafts();
  storage.write(ownerKey, owner);
}
