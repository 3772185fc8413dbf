import { storage } from "./storage";
import { createStore } from "./store";

export type Theme = "system" | "dark" | "light";

// public/theme.js reads this key too, before the first paint.
const key = "cruddur.theme";

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

/** Gives the browser's own bars, as on phones, the colour of the page. */
function colourBrowser(theme: Theme): void {
  for (const meta of document.querySelectorAll<HTMLMetaElement>("meta[data-scheme]")) {
    const { scheme } = meta.dataset;
    if (theme === "system") meta.media = `(prefers-color-scheme: ${scheme})`;
    else meta.media = scheme === theme ? "all" : "not all";
  }
}

// A choice in one tab is a choice in all. This module may be loaded a little after the page, so it also applies what was
// chosen in between.
show(stored());
window.addEventListener("storage", (event) => {
  if (event.key === key) show(stored());
});
