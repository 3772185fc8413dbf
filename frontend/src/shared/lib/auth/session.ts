import { claimDrafts, dropDrafts } from "@/shared/lib/drafts";
import { storage } from "@/shared/lib/storage";
import { createStore, useStore } from "@/shared/lib/store";
import { loadUserPool } from "./load-user-pool";

// Whether somebody is signed in here. The tokens themselves are kept by the user pool's client, which is only loaded when
// there is, or is about to be, somebody; the mark below tells who that is before it is loaded.

export type Session = "visitor" | "member";

const mark = "cruddur.signed-in";

/** The account's id; null for visitors. An older mark says only that there is somebody. */
const account = createStore<string | null>(storage.read(mark));

export const useSession = (): Session => (useStore(account) === null ? "visitor" : "member");
export const isMember = (): boolean => account.get() !== null;

/** Calls when somebody has come, gone, or given way to somebody else. */
export const onSessionChange = account.subscribe;

/** Somebody has signed in here: the account with this id. */
export function sessionStarted(id: string): void {
  claimDrafts(id);
  storage.write(mark, id);
  account.set(id);
}

/** The session has run out. Drafts wait for the same person to come back. */
function sessionEnded(): void {
  storage.remove(mark);
  account.set(null);
}

const partings = new Set<() => Promise<unknown>>();

/** Runs `last` before a sign-out or the end of the account, for what can't be done without the session. It must not reject. */
export function beforeSignOut(last: () => Promise<unknown>): void {
  partings.add(last);
}

/** Signs out here, takes the refresh token out of use and forgets drafts; works without a network too. */
export async function signOut(): Promise<void> {
  const pool = await loadUserPool();
  await Promise.all([...partings].map((last) => last()));
  try {
    await pool.signOut();
  } finally {
    dropDrafts();
    sessionEnded();
  }
}

/** Ends the account and everything of it, and the session with it. Rejects when the server did not do it; then all stays. */
export async function deleteAccount(): Promise<void> {
  const pool = await loadUserPool();
  await Promise.all([...partings].map((last) => last()));
  await pool.deleteUser();
  dropDrafts();
  sessionEnded();
}

/** A token that is good for a while, or null for visitors. Rejects when the server can't be reached to renew it. */
export async function accessToken(): Promise<string | null> {
  if (!isMember()) return null;
  const pool = await loadUserPool();
  return keep(await pool.currentToken());
}

let renewal: Promise<string | null> | undefined;

/** A token other than `refused`, or null when the session is over. Requests that are refused together renew once. */
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

/** The token that was used last, for a request that can't wait for a better one. */
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

// Signing in or out in one tab does so in all, also in a page that slept in the history meanwhile.
window.addEventListener("storage", (event) => {
  if (event.key === mark) follow(event.newValue);
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) follow(storage.read(mark));
});
