import { storage } from "@/shared/lib/storage";
import { createStore } from "@/shared/lib/store";
import { en } from "./en";
import { type Catalogue, isLanguage, type Language, languages, negotiate } from "./languages";

export type { Catalogue };

// Live bindings: read them when a text is made; what keeps them at module level keeps the first language for ever.
export let strings: Catalogue = en;
export let locale: string = languages.en.locale;

export type LanguageChoice = Language | "system";

const key = "cruddur.language";

function stored(): LanguageChoice {
  const value = storage.read(key) ?? "";
  return isLanguage(value) ? value : "system";
}

export const languageChoice = createStore<LanguageChoice>(stored());

/** What is on the screen. Whoever shows texts renders anew when it changes. */
export const language = createStore<Language>("en");

/** Brings the chosen language into use. One that can't be loaded leaves what is there. */
export async function loadLanguage(): Promise<void> {
  const choice = languageChoice.get();
  const next = choice === "system" ? negotiate(navigator.languages) : choice;
  const { load, locale: tag, direction } = languages[next];
  const catalogue = await load().catch(() => null);
  if (!catalogue || choice !== languageChoice.get()) return;
  strings = catalogue;
  locale = tag;
  document.documentElement.lang = next;
  document.documentElement.dir = direction;
  language.set(next);
}

export function chooseLanguage(choice: LanguageChoice): Promise<void> {
  if (choice === "system") storage.remove(key);
  else storage.write(key, choice);
  languageChoice.set(choice);
  return loadLanguage();
}
