import { storage } from "@/shared/lib/storage";
import { createStore } from "@/shared/lib/store";
import { type Catalogue, isLanguage, type Language, languages, negotiate } from "./languages";

export type { Catalogue };

// Live bindings, there from the first loadLanguage() on. Read them when a text is made: what keeps them at module level keeps
// the first language for ever.
export let strings: Catalogue;
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

/** The language that fits the choice. */
export function chosenLanguage(): Language {
  const choice = languageChoice.get();
  return choice === "system" ? negotiate(navigator.languages) : choice;
}

/** Brings the chosen language into use. Rejects when its texts can't be loaded; then what is there stays. */
export async function loadLanguage(): Promise<void> {
  const next = chosenLanguage();
  const { load, locale: tag, direction } = languages[next];
  const catalogue = await load();
  if (next !== chosenLanguage()) return; // another was chosen meanwhile
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
