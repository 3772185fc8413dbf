import { storage } from "@/shared/lib/storage";
import { createStore } from "@/shared/lib/store";
import { type Catalogue, isLanguage, type Language, languages, negotiate } from "./languages";

export type { Catalogue };

// Live bindings, set from the first loadLanguage() on. Read them whenever a text is rendered: a copy at module level would stay
// in the first language.
export let strings: Catalogue;
export let locale: string = languages.en.locale;

export type LanguageChoice = Language | "system";

const key = "cruddur.language";

function stored(): LanguageChoice {
  const value = storage.read(key) ?? "";
  return isLanguage(value) ? value : "system";
}

export const languageChoice = createStore<LanguageChoice>(stored());

/** The language on the screen. Components that show texts render anew when it changes. */
export const language = createStore<Language>("en");

const fitting = (choice: LanguageChoice): Language =>
  choice === "system" ? negotiate(navigator.languages) : choice;

/** The language to use for a choice. */
export const chosenLanguage = (): Language => fitting(languageChoice.get());

let turn = 0;

/**
 * Loads and shows the language for the choice, unless another is asked for meanwhile. Rejects when its texts can't be loaded.
 */
async function speak(choice: LanguageChoice, keep = () => {}): Promise<void> {
  turn += 1;
  const mine = turn;
  const next = fitting(choice);
  const { load, locale: tag, direction } = languages[next];
  const catalogue = await load();
  if (mine !== turn) return;
  strings = catalogue;
  locale = tag;
  document.documentElement.lang = next;
  document.documentElement.dir = direction;
  keep();
  languageChoice.set(choice);
  language.set(next);
}

/** Loads and shows the language that was chosen last. Rejects when its texts can't be loaded. */
export const loadLanguage = (): Promise<void> => speak(stored());

/** Changes the language, here and in all tabs. Rejects when its texts can't be loaded; then everything stays as it is. */
export function chooseLanguage(choice: LanguageChoice): Promise<void> {
  return speak(choice, () => {
    if (choice === "system") storage.remove(key);
    else storage.write(key, choice);
  });
}

// A tab that can't load the texts keeps its language.
window.addEventListener("storage", (event) => {
  if (event.key === key) loadLanguage().catch(() => undefined);
});
