import assert from "node:assert/strict";
import { accessiblePages, faultsOf } from "./support/accessibility.ts";
import { themes, widths } from "./support/browser.ts";
import { makePerson } from "./support/people.ts";
import { scenario } from "./support/scenario.ts";

accessiblePages("every page of visitors is accessible in both themes at every width", ["visitor"]);

scenario("the pages of the server itself are accessible", async ({ server, open }) => {
  await makePerson(server, "bea");
  const view = await open();
  const faults: string[] = [];
  for (const path of ["/api/docs", "/dev/outbox"]) {
    await view.page.goto(server.url + path);
    for (const theme of themes) {
      for (const width of widths) {
        await view.resize(width, theme);
        const found = await faultsOf(view);
        faults.push(...found.map((each) => `${path} ${theme} ${width}: ${each}`));
      }
    }
  }
  assert.deepEqual(faults, []);
});
