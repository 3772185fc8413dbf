import { expect, it } from "vitest";

const sources = import.meta.glob<string>(
  ["/src/**/*.{ts,tsx,css}", "!/src/**/*.test.*", "!/src/generated/**"],
  {
    query: "?raw",
    import: "default",
    eager: true,
  },
);

/** Where `pattern` is found: "file: match". */
function finds(pattern: RegExp, files = /\.tsx?$/): string[] {
  return Object.entries(sources)
    .filter(([file]) => files.test(file))
    .flatMap(([file, text]) => [...text.matchAll(pattern)].map((match) => `${file}: ${match[0]}`));
}

it("finds the sources", () => {
  expect(Object.keys(sources).length).toBeGreaterThan(80);
});

it("reads no text at module level, where it would stay in the first language", () => {
  expect(finds(/^(export )?(const|let) [^=]*=[^>\n]*\bstrings\./gm)).toEqual([]);
});

it("writes no words into the markup: they belong into the catalogue", () => {
  expect(finds(/>\s*[A-Z][a-z]+[^<>{}();=]*<\//g, /\.tsx$/)).toEqual([]);
  expect(finds(/\b(?:aria-label|title|placeholder|alt)="[^"]*[a-z]/g, /\.tsx$/)).toEqual([]);
});

it("says start and end, never left and right, so that it can be read from the right", () => {
  const physical =
    /(?<![\w-])-?(?:[pm][lr]|left|right|border-[lr]|rounded-(?:[lr]|[tb][lr])|scroll-[pm][lr])-(?=[\d[(]|auto|px|full)|text-(?:left|right)\b/g;
  expect(finds(physical, /\.tsx$/)).toEqual([]);
});

it("takes colours, sizes and corners from the tokens only", () => {
  const sizes = /(?<![\w-])text-(?:(?:xs|sm|base|lg|xl|\dxl)(?![\w-])|\[[\d#])[^"\s]*/g;
  const shapes =
    /(?<![\w-])(?:rounded(?:-[tbse]{1,2})?|shadow)-(?:(?:sm|md|lg|\d?xl)(?![\w-])|\[)/g;
  const colours = /#[0-9a-f]{3,8}\b/gi;
  for (const pattern of [sizes, shapes]) expect(finds(pattern, /\.tsx$/)).toEqual([]);
  expect(finds(colours, /(?<!tokens)\.(css|tsx)$/)).toEqual([]);
});
