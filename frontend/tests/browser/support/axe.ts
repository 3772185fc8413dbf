import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type axe from "axe-core";
import type { Page } from "playwright-core";

declare const window: { axe?: typeof axe };

const file = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const script = readFileSync(file, "utf8");
const standards = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** What axe finds wrong on the page, which gets its script once a load. No page has frames. */
export async function violations(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => Boolean(window.axe)))) await page.evaluate(script);
  const found = await page.evaluate(async (runOnly) => {
    const { violations } =
      (await window.axe?.run({
        runOnly,
        resultTypes: ["violations"],
        preload: false, // style sheets, which none of these rules reads
      })) ?? {};
    return violations?.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html) }));
  }, standards);
  if (!found) throw new Error("axe is not in the page");
  return found.map(
    ({ id, nodes }) => `${id}: ${nodes.map((html) => html.slice(0, 160)).join(" | ")}`,
  );
}
