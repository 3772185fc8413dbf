// The password of an account that is not confirmed yet, so that confirming it also signs in. It lives in memory only, and serves
// once.

interface PendingPassword {
  email: string;
  password: string;
}

let pending: PendingPassword | null = null;

export function rememberPassword(email: string, password: string): void {
  pending = { email, password };
}

/** The password for `email`, once. */
export function takePassword(email: string): string | null {
  const password = pending?.email === email ? pending.password : null;
  pending = null;
  return password;
}
