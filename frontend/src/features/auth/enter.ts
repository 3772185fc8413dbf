import { loadUserPool } from "@/shared/lib/auth/load-user-pool";
import { sessionStarted } from "@/shared/lib/auth/session";
import { normalisePassword } from "@/shared/lib/text/password";

/** How a sign-in ended: inside, or with something to do first. */
export type Entry = "inside" | "confirm" | "reset";

/**
 * Signs in by SRP. A session that is left over here gives way. Rejects with the user pool's error.
 *
 * SRP proves the very characters that the account was made with. Accounts from before passwords were normalised have those
 * that were typed, so they are tried too.
 */
export async function enter(email: string, typed: string): Promise<Entry> {
  const password = normalisePassword(typed);
  return enterBy(email, password).catch((error: unknown) => {
    const wrong = error instanceof Error && error.message.includes("Incorrect");
    if (!wrong || typed === password) throw error;
    return enterBy(email, typed);
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
