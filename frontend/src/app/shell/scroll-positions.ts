// Where pages were left, kept beyond a reload or a visit elsewhere, for as long as the tab lives.

const storageKey = "cruddur.scroll";
const most = 50; // history entries

/** A history entry's name. Those that another site or the address bar made share one key, so the path tells them apart. */
export const entryOf = (key: string, path: string): string =>
  key === "default" ? `default ${path}` : key;

/** What was kept in this tab. Who has come here anew, not back, finds the page at its start. */
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
    return []; // blocked
  }
}

/** Keeps the last of `positions`, which are the newest. */
export function keepPositions(positions: ReadonlyMap<string, number>): void {
  try {
    sessionStorage.setItem(storageKey, JSON.stringify([...positions].slice(-most)));
  } catch {
    // Full or blocked: pages start at their top then.
  }
}
