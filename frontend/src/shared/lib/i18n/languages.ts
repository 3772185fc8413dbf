import type { en } from "./en";

export type Catalogue = typeof en;

/** A language. Its texts are a chunk of their own, which only its readers load. */
interface LanguageInfo {
  /** The language's name in the language itself. */
  name: string;
  /** The locale for dates and numbers. */
  locale: string;
  direction: "ltr" | "rtl";
  load: () => Promise<Catalogue>;
}

/** All languages of the client. Another one needs a catalogue and a line here. */
export const languages = {
  en: {
    name: "English",
    locale: "en-GB",
    direction: "ltr",
    load: async () => (await import("./en")).en,
  },
  de: {
    name: "Deutsch",
    locale: "de-DE",
    direction: "ltr",
    load: async () => (await import("./de")).de,
  },
} as const satisfies Record<string, LanguageInfo>;

export type Language = keyof typeof languages;

export const isLanguage = (tag: string): tag is Language => Object.hasOwn(languages, tag);

/** The first of the preferred tags ("de-AT", "fr") that has a catalogue; English when none has. */
export function negotiate(preferred: readonly string[]): Language {
  const primary = preferred.map((tag) => tag.toLowerCase().split("-")[0] ?? "");
  return primary.find(isLanguage) ?? "en";
}
