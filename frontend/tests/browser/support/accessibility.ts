import assert from "node:assert/strict";
import { violations } from "./axe.ts";
import type { View } from "./browser.ts";
import { type Reader, walk } from "./routes.ts";
import { scenarioInParts } from "./scenario.ts";

const leastTarget = 44; // px

/** Buttons, inputs and choices that are too small for a thumb. */
function smallTargets(view: View): Promise<string[]> {
  return view.page.locator("button:visible, label:has(input), input:visible").evaluateAll(
    (elements, least) =>
      elements
        .map((element) => ({ box: element.getBoundingClientRect(), html: element.outerHTML }))
        .filter(({ box }) => box.height > 1 && Math.min(box.height, box.width) < least - 0.5)
        .map(({ box, html }) => `${box.width} by ${box.height}: ${html.slice(0, 120)}`),
    leastTarget,
  );
}

/** What is wrong with the page as it is shown now. */
export async function faultsOf(view: View): Promise<string[]> {
  const found = await violations(view.page);
  if (await view.overflows()) found.push("scrolls sideways");
  return found;
}

/** Every page of these readers, in both themes at every width. */
export function accessiblePages(name: string, readers: readonly Reader[]): void {
  scenarioInParts(
    name,
    async ({ server, open, part }) => {
      await walk(server, open, readers, async (route, each) => {
        await part(route, async () => {
          const faults: string[] = [];
          await each(async (view, theme, width) => {
            const found = await faultsOf(view);
            if (theme === "dark") found.push(...(await smallTargets(view)));
            faults.push(...found.map((fault) => `${theme} ${width}: ${fault}`));
          });
          assert.deepEqual(faults, []);
        });
      });
    },
    { SEED: "true" },
  );
}
