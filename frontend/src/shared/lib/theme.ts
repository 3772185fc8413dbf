import { storage } from "./storage";
import { createStore } from "./store";

export type Theme = "system" | "dark" | "light";

const key = "cruddur.theme"; // public/theme.js reads it before the first paint

function stored(): Theme {
  const value = storage.read(key);
  return value === "dark" || value === "light" ? value : "system";
}

export const themeStore = createStore<Theme>(stored());

export function setTheme(theme: Theme): void {
  if (theme === "system") storage.remove(key);
  else storage.write(key, theme);
  show(theme);
}

function show(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  colourBrowser(theme);
  themeStore.set(theme);
}

/** What of the browser is around the page, as on phones, has its colour. */
function colourBrowser(theme: Theme): void {
  for (const meta of document.querySelectorAll<HTMLMetaElement>("meta[data-scheme]")) {
    const { scheme } = meta.dataset;
    if (theme === "system") meta.media = `(prefers-color-scheme: ${scheme})`;
    else meta.media = scheme === theme ? "all" : "not all";
  }
}

// Choosing in one tab does so in all. This may be loaded a little after the page: what was chosen in between counts too.
show(stored());
window.addEventListener("storage", (event) => {
  if (event.key === key) show(stored());
});
