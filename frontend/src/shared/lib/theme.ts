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
  if (theme === "system") {
    storage.remove(key);
    delete document.documentElement.dataset.theme;
  } else {
    storage.write(key, theme);
    document.documentElement.dataset.theme = theme;
  }
  themeStore.set(theme);
}
