// The password that was just chosen, so that confirming the code also signs in. It lives in memory only, and serves once.

interface PendingSignUp {
  email: string;
  password: string;
}

let pending: PendingSignUp | null = null;

export function rememberSignUp(email: string, password: string): void {
  pending = { email, password };
}

/** The password for `email`, once. */
export function takePassword(email: string): string | null {
  const password = pending?.email === email ? pending.password : null;
  pending = null;
  return password;
}
