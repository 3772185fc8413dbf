// One test: a server of its own, any number of people's browsers, and nothing wrong in any of them.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { launch, View, type ViewOptions } from "./browser.ts";
import { Server, type Settings } from "./server.ts";
import { settles } from "./settles.ts";

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

export interface LongStage extends Stage {
  /** A test within the test, with a time of its own; those that follow are played whether it fails or not. */
  part(name: string, play: () => Promise<void>): Promise<void>;
}

export function scenario(
  name: string,
  play: (stage: Stage) => Promise<void>,
  settings?: Settings,
): void {
  stage(name, longest, play, settings);
}

/** A scenario that may take as long as its parts do. */
export function scenarioInParts(
  name: string,
  play: (stage: LongStage) => Promise<void>,
  settings?: Settings,
): void {
  stage(name, Number.POSITIVE_INFINITY, play, settings);
}

function stage(
  name: string,
  timeout: number,
  play: (stage: LongStage) => Promise<void>,
  settings: Settings = {},
): void {
  test(name, { timeout }, async (context) => {
    await using server = await Server.start(settings);
    const views: View[] = [];
    const open = async (options?: ViewOptions) => {
      const view = await View.open(browser, server, options);
      views.push(view);
      return view;
    };
    try {
      await play({
        server,
        open,
        part: (part, each) => context.test(part, { timeout: longest }, each),
      });
      await settles(async () => views.flatMap(({ watch }) => watch.missing), []);
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
    console.error(`${page.url()} looks like ${file}`, watch.problems, watch.missing);
  }
}
