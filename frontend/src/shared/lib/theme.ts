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
  themeStore.set(theme);
}

// Choosing in one tab does so in all.
window.addEventListener("storage", (event) => {
  if (event.key === key) show(stored());
});
