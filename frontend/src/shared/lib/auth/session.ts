import { claimDrafts, dropDrafts } from "@/shared/lib/drafts";
import { storage } from "@/shared/lib/storage";
import { createStore, useStore } from "@/shared/lib/store";
import { loadUserPool } from "./load-user-pool";

// Whether somebody is signed in, and who. The user pool's client keeps the tokens; it is loaded only for members and for
// signing in. The mark in the storage tells who is signed in before that client is loaded.

export type Session = "visitor" | "member";

const mark = "cruddur.signed-in";

/** The account's id; null for visitors. A mark of an older version holds no id, and says only that somebody is signed in. */
const account = createStore<string | null>(storage.read(mark));

export const useSession = (): Session => (useStore(account) === null ? "visitor" : "member");
export const isMember = (): boolean => account.get() !== null;

/** Calls when somebody has signed in or out, also when one account has replaced another. */
export const onSessionChange = account.subscribe;

/** To be called when the account with this id has signed in. */
export function sessionStarted(id: string): void {
  claimDrafts(id);
  storage.write(mark, id);
  account.set(id);
}

/** Forgets the session. Drafts stay, for the same person's next session. */
function sessionEnded(): void {
  storage.remove(mark);
  account.set(null);
}

const lastTasks = new Set<() => Promise<unknown>>();

/** Runs `task` before the session or the account is ended, for work that needs the session. The task must not reject. */
export function beforeSignOut(task: () => Promise<unknown>): void {
  lastTasks.add(task);
}

/** Signs out, has the refresh token revoked and forgets drafts. Works without a network, except for the revocation. */
export async function signOut(): Promise<void> {
  const pool = await loadUserPool();
  await Promise.all([...lastTasks].map((task) => task()));
  try {
    await pool.signOut();
  } finally {
    dropDrafts();
    sessionEnded();
  }
}

/** Deletes the account with all its data, and ends the session. Rejects when the server did not do it; then nothing changes. */
export async function deleteAccount(): Promise<void> {
  const pool = await loadUserPool();
  await Promise.all([...lastTasks].map((task) => task()));
  await pool.deleteUser();
  dropDrafts();
  sessionEnded();
}

/**
 * A token that is valid for a while yet, or null for visitors. Rejects when it must be renewed and the server can't be reached.
 */
export async function accessToken(): Promise<string | null> {
  if (!isMember()) return null;
  const pool = await loadUserPool();
  return keep(await pool.currentToken());
}

let renewal: Promise<string | null> | undefined;

/** A newer token than `refused`, or null when the session is over. Requests that are refused together renew it once. */
export async function renewToken(refused: string): Promise<string | null> {
  const current = await accessToken();
  if (current !== refused) return current;
  renewal ??= loadUserPool()
    .then((pool) => pool.freshToken())
    .then(keep)
    .finally(() => {
      renewal = undefined;
    });
  return renewal;
}

let known: string | null = null;

/** The token that was used last, for a request that can't wait for a renewal. */
export const knownToken = (): string | null => (isMember() ? known : null);

function keep(token: string | null): string | null {
  known = token;
  if (token === null) sessionEnded();
  return token;
}

function follow(id: string | null): void {
  if (id !== account.get()) known = null;
  account.set(id);
}

// Signing in or out in one tab does so in all, and in a page that the browser kept frozen for going back.
window.addEventListener("storage", (event) => {
  if (event.key === mark) follow(event.newValue);
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) follow(storage.read(mark));
});
