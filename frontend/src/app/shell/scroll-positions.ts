// How far each page was scrolled when it was left. Kept for as long as the tab exists, also through a reload or another site.

const storageKey = "cruddur.scroll";
// In history entries.
const most = 50;

/**
 * The name of a history entry. Entries made by another site or the address bar all have the key "default", so they get the path
 * too.
 */
export const entryOf = (key: string, path: string): string =>
  key === "default" ? `default ${path}` : key;

/** The positions that were kept in this tab, but not that of a page which was opened anew: it starts at the top. */
export function recallPositions(): Map<string, number> {
  const positions = new Map(read());
  const [arrival] = performance.getEntriesByType("navigation");
  if (arrival instanceof PerformanceNavigationTiming && arrival.type === "navigate") {
    positions.delete(entryOf("default", window.location.pathname));
  }
  return positions;
}

function read(): [string, number][] {
  try {
    return JSON.parse(sessionStorage.getItem(storageKey) ?? "[]");
  } catch {
    // Blocked.
    return [];
  }
}

/** Keeps the last entries of `positions`, which are the newest. */
export function keepPositions(positions: ReadonlyMap<string, number>): void {
  try {
    sessionStorage.setItem(storageKey, JSON.stringify([...positions].slice(-most)));
  } catch {
    // Full or blocked. Pages then start at the top.
  }
}
