import { loadUserPool } from "@/shared/lib/auth/load-user-pool";

/** Has a code sent to `email`, if it has an account. */
export async function requestReset(email: string): Promise<void> {
  const pool = await loadUserPool();
  await pool.resetPassword({ username: email });
}
