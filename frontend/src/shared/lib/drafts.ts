import { storage } from "./storage";

// The texts that somebody has begun to write on this device. They survive a reload and the end of a session, and belong to one
// account: another person who signs in next does not see them.

const prefix = "cruddur.draft.";
const ownerKey = "cruddur.drafts-of";

export const draftKey = (name: string): string => prefix + name;

/** Forgets every draft and its owner. */
export function dropDrafts(): void {
  for (const key of storage.keys()) if (key.startsWith(prefix)) storage.remove(key);
  storage.remove(ownerKey);
}

/** Makes the account `owner` the owner of the drafts. Those of another account are forgotten. */
export function claimDrafts(owner: string): void {
  const before = storage.read(ownerKey);
  if (before !== null && before !== owner) dropDrafts();
  storage.write(ownerKey, owner);
}
