import { afterEach, expect, it } from "vitest";
import { chooseLanguage, language, locale, strings } from ".";
import { de } from "./de";
import { en } from "./en";
import { negotiate } from "./languages";

// The same in both languages, by nature.
const shared = new Set([
  "app.name",
  "nav.apiDocs",
  "auth.name",
  "auth.handle",
  "auth.code",
  "auth.resend.remaining",
  "find.label",
]);

/** Every text of a catalogue, those that are functions called with plain values, by path. */
function texts(catalogue: object, path = ""): [string, string][] {
  return Object.entries(catalogue).flatMap(([name, value]): [string, string][] => {
    const key = path ? `${path}.${name}` : name;
    if (typeof value === "string") return [[key, value]];
    if (typeof value === "function") return [[key, String(value(2, 3))]];
    return texts(value, key);
  });
}

afterEach(() => chooseLanguage("en"));

it("has every text in German, and none left in English", () => {
  const english = new Map(texts(en));
  const same = texts(de).filter(([path, text]) => !shared.has(path) && english.get(path) === text);
  expect(texts(de).length).toBe(english.size);
  expect(same).toEqual([]);
});

it("has no empty text", () => {
  for (const [path, text] of [...texts(en), ...texts(de)]) expect(text, path).not.toBe("");
});

it.each([
  [["de-AT", "en"], "de"],
  [["fr", "de"], "de"],
  [["EN-us"], "en"],
  [["fr-FR"], "en"],
  [["__proto__", "constructor"], "en"],
  [[], "en"],
])("finds for %j the language %s", (preferred, found) => {
  expect(negotiate(preferred)).toBe(found);
});

it("changes words, dates and the page's own language at once", async () => {
  await chooseLanguage("de");
  expect(strings.nav.home).toBe("Start");
  expect(locale).toBe("de-DE");
  expect(language.get()).toBe("de");
  expect(document.documentElement.lang).toBe("de");
  expect(document.documentElement.dir).toBe("ltr");
});
