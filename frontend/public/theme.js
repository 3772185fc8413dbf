// Runs before the first paint, so that a chosen theme does not flash. The choice is made in shared/lib/theme.ts.
try {
  const theme = localStorage.getItem("cruddur.theme");
  if (theme === "dark" || theme === "light") {
    document.documentElement.dataset.theme = theme;
    for (const meta of document.querySelectorAll("meta[data-scheme]")) {
      meta.media = meta.dataset.scheme === theme ? "all" : "not all";
    }
  }
} catch {
  // Storage is switched off: the system's theme it is.
}
