// The password of an account that is not confirmed yet, so that confirming it also signs in. It is kept in memory only, and can
// be taken once.

interface PendingPassword {
  email: string;
  password: string;
}

let pending: PendingPassword | null = null;

export function rememberPassword(email: string, password: string): void {
  pending = { email, password };
}

/** Takes the password for `email`: a second call gets none. */
export function takePassword(email: string): string | null {
  const password = pending?.email === email ? pending.password : null;
  pending = null;
  return password;
}
