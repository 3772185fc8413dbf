import { loadUserPool } from "@/shared/lib/auth/load-user-pool";

/** Asks for a code to be mailed to `email`, which happens if it has an account. */
export async function requestReset(email: string): Promise<void> {
  const pool = await loadUserPool();
  await pool.resetPassword({ username: email });
}
