// One test: a server of its own, any number of people's browsers, and nothing wrong in any of them.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { launch, View, type ViewOptions } from "./browser.ts";
import { Server, type Settings } from "./server.ts";

const results = resolve(import.meta.dirname, "../../../test-results");
const longest = 300_000; // ms

let browser: Browser;

before(async () => {
  browser = await launch();
});
after(() => browser?.close());

export interface Stage {
  server: Server;
  open(options?: ViewOptions): Promise<View>;
}

export function scenario(
  name: string,
  play: (stage: Stage) => Promise<void>,
  settings: Settings = {},
): void {
  test(name, { timeout: longest }, async () => {
    await using server = await Server.start(settings);
    const views: View[] = [];
    const open = async (options?: ViewOptions) => {
      const view = await View.open(browser, server, options);
      views.push(view);
      return view;
    };
    try {
      await play({ server, open });
    } catch (error) {
      await report(name, views);
      throw error;
    } finally {
      await Promise.all(views.map(({ context }) => context.close()));
    }
    assert.deepEqual(
      views.flatMap(({ watch }) => watch.problems),
      [],
      "something went wrong in a page",
    );
  });
}

/** Says what the pages looked like and complained of when the test failed. */
async function report(name: string, views: View[]): Promise<void> {
  mkdirSync(results, { recursive: true });
  for (const [index, { page, watch }] of views.entries()) {
    const file = join(results, `${name.replace(/\W+/g, "-")}-${index + 1}.png`);
    await page.screenshot({ path: file }).catch(() => undefined);
    console.error(`${page.url()} looks like ${file}`, watch.problems);
  }
}
