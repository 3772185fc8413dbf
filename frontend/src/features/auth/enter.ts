import { api } from "@/shared/lib/api/client";
import { loadUserPool } from "@/shared/lib/auth/load-user-pool";
import { sessionStarted } from "@/shared/lib/auth/session";
import { normalisePassword } from "@/shared/lib/text/password";

/** How a sign-in ended: "inside", or what must be done first. */
export type Entry = "inside" | "confirm" | "reset";

/**
 * Signs in by SRP, and ends a session that was left over here. Rejects with the user pool's error.
 *
 * SRP compares the very characters that the account was made with. Accounts made before passwords were normalised have them as
 * they were typed, so the typed characters are tried too.
 */
export async function enter(email: string, typed: string): Promise<Entry> {
  const password = normalisePassword(typed);
  return enterOnTime(email, password).catch((error: unknown) => {
    if (!says(error, "Incorrect") || typed === password) throw error;
    return enterBy(email, typed);
  });
}

const says = (error: unknown, word: string): boolean =>
  error instanceof Error && error.message.includes(word);

/** The SRP claim contains the time. When the server's is not known yet, any answer of the API tells it. */
function enterOnTime(email: string, password: string): Promise<Entry> {
  return enterBy(email, password).catch(async (error: unknown) => {
    if (!says(error, "clock")) throw error;
    await api().GET("/api/activities/home", { params: { query: { limit: 1 } } });
    return enterBy(email, password);
  });
}

async function enterBy(email: string, password: string): Promise<Entry> {
  const pool = await loadUserPool();
  const signIn = () => pool.signIn({ username: email, password });
  const { isSignedIn, nextStep } = await signIn().catch(async (error: unknown) => {
    if (!(error instanceof Error && error.name === "UserAlreadyAuthenticatedException"))
      throw error;
    await pool.signOut();
    return signIn();
  });
  if (isSignedIn) {
    sessionStarted(await pool.accountId());
    return "inside";
  }
  switch (nextStep.signInStep) {
    case "CONFIRM_SIGN_UP":
      return "confirm";
    case "RESET_PASSWORD":
      return "reset";
    default:
      throw new Error(`unexpected sign-in step ${nextStep.signInStep}`);
  }
}
