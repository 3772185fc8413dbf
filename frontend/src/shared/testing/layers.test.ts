import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, it } from "vitest";

// shared <- entities <- features <- app. Features don't know each other; what several need lies below them.

const source = resolve(import.meta.dirname, "../..");
const layers = ["generated", "shared", "entities", "features", "app"];
const imported = /(?:from|import)\s*\(?\s*["']((?:@\/|\.{1,2}\/)[^"']+)["']/g;

interface Place {
  layer: string;
  slice: string;
}

function place(path: string): Place {
  const [layer = "", slice = ""] = relative(source, path).split("/");
  return { layer, slice };
}

function targets(file: string): string[] {
  const matches = readFileSync(file, "utf8").matchAll(imported);
  return [...matches].map(([, specifier = ""]) =>
    specifier.startsWith("@/")
      ? join(source, specifier.slice(2))
      : resolve(dirname(file), specifier),
  );
}

function allowed(importer: Place, imported: Place): boolean {
  if (imported.layer === importer.layer) {
    return importer.layer !== "features" || importer.slice === imported.slice;
  }
  return layers.indexOf(imported.layer) < layers.indexOf(importer.layer);
}

const files = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => join(source, name));

it("finds the sources", () => {
  expect(files.length).toBeGreaterThan(50);
  for (const file of files) expect(layers).toContain(place(file).layer);
});

it("imports only downward, and never from one feature into another", () => {
  const wrong = files.flatMap((file) =>
    targets(file)
      .filter((target) => !allowed(place(file), place(target)))
      .map((target) => `${relative(source, file)} -> ${relative(source, target)}`),
  );
  expect(wrong).toEqual([]);
});

it("keeps Amplify in one chunk that is loaded on demand", () => {
  const direct = files.filter(
    (file) =>
      /["']aws-amplify/.test(readFileSync(file, "utf8")) &&
      !file.endsWith("auth/user-pool.ts") &&
      !file.endsWith("layers.test.ts"),
  );
  expect(direct.map((file) => relative(source, file))).toEqual([]);
});
