/** Every address inside the client. */
export const paths = {
  home: "/",
  user: (handle: string) => `/@${handle}`,
  /** A post that was taken back has no author any more; what it is read by is its id. */
  post: ({ author, uuid }: { author: { handle: string } | null; uuid: string }) =>
    author ? `/@${author.handle}/status/${uuid}` : `/status/${uuid}`,
  settings: "/settings",
  signIn: "/sign-in",
  signUp: "/sign-up",
  confirm: "/confirm",
  forgotPassword: "/forgot-password",
  resetPassword: "/reset-password",
  outbox: "/dev/outbox",
  apiDocs: "/api/docs",
} as const;

/** Where to go after signing in: `next` if it is a path of this site, else home. */
export function safeNext(next: string | null): string {
  const site = window.location.origin;
  if (!next?.startsWith("/") || !URL.canParse(next, site)) return paths.home;
  const { origin, pathname, search, hash } = new URL(next, site);
  // A path that begins with two slashes names another site. "/.//evil.example" becomes one when it is resolved.
  const stays = origin === site && !pathname.startsWith("//");
  return stays ? pathname + search + hash : paths.home;
}

/** A path of the sign-in pages that leads back to `next`, and carries `email` along. */
export function withReturn(path: string, next: string, email?: string): string {
  const query = new URLSearchParams();
  if (email) query.set("email", email);
  if (next !== paths.home) query.set("next", next);
  return query.size > 0 ? `${path}?${query}` : path;
}
