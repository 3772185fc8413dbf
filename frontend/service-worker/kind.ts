/** The kinds of request that the service worker answers. It leaves all others to the network. */
export type Kind = "page" | "asset" | "settings";

export const settingsPath = "/config.json";

// Paths of the server's interfaces, and of its own pages.
const reserved = ["/api", "/cognito-idp", "/dev", "/metrics"];

/** Whether the path is a page of the client. The server answers the same paths with index.html. */
function isPage(path: string): boolean {
  if (reserved.some((prefix) => path === prefix || path.startsWith(`${prefix}/`))) return false;
  return !path.includes("/.well-known/") && !path.slice(path.lastIndexOf("/")).includes(".");
}

/** The kind of a request; undefined for others. `assets` are the paths of this build's files. */
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
