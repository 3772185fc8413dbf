import assert from "node:assert/strict";
import { violations } from "./support/axe.ts";
import { themes, type View, widths } from "./support/browser.ts";
import { makePerson } from "./support/people.ts";
import { walk } from "./support/routes.ts";
import { scenario, scenarioInParts } from "./support/scenario.ts";

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

scenarioInParts(
  "every page is accessible in both themes at every width",
  async ({ server, open, part }) => {
    await walk(server, open, async (name, each) => {
      await part(name, async () => {
        const faults: string[] = [];
        await each(async (view, theme, width) => {
          const found = await violations(view.page);
          if (await view.overflows()) found.push("scrolls sideways");
          if (theme === "dark") found.push(...(await smallTargets(view)));
          faults.push(...found.map((fault) => `${theme} ${width}: ${fault}`));
        });
        assert.deepEqual(faults, []);
      });
    });
  },
  { SEED: "true" },
);

scenario("the pages of the server itself are accessible", async ({ server, open }) => {
  await makePerson(server, "bea");
  const view = await open();
  const faults: string[] = [];
  for (const path of ["/api/docs", "/dev/outbox"]) {
    await view.page.goto(server.url + path);
    for (const theme of themes) {
      for (const width of widths) {
        await view.resize(width, theme);
        const found = await violations(view.page);
        if (await view.overflows()) found.push("scrolls sideways");
        faults.push(...found.map((each) => `${path} ${theme} ${width}: ${each}`));
      }
    }
  }
  assert.deepEqual(faults, []);
});
