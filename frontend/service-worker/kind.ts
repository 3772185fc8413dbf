/** What the service worker answers; all else goes past it to the network. */
export type Kind = "page" | "asset" | "settings";

export const settingsPath = "/config.json";

// What belongs to programs, or is a page of the server's own.
const reserved = ["/api", "/cognito-idp", "/dev", "/metrics"];

/** A page of the client: what the server, too, answers with index.html. */
function isPage(path: string): boolean {
  if (reserved.some((prefix) => path === prefix || path.startsWith(`${prefix}/`))) return false;
  return !path.includes("/.well-known/") && !path.slice(path.lastIndexOf("/")).includes(".");
}

/** `assets`: the paths of this build's own files. */
export function kindOf(
  { method, mode, url }: Pick<Request, "method" | "mode" | "url">,
  origin: string,
  assets: ReadonlySet<string>,
): Kind | undefined {
  const asked = new URL(url);
  if (method !== "GET" || asked.origin !== origin) return undefined;
  if (mode === "navigate") return isPage(asked.pathname) ? "page" : undefined;
  if (asked.pathname === settingsPath) return "settings";
  return assets.has(asked.pathname) ? "asset" : undefined;
}
