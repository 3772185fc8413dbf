// Takes a picture of every page in both themes at every width into test-results/screenshots/, and puts the few that the
// documentation shows into docs/screenshots/.
import { copyFileSync, mkdirSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { launch, View } from "./support/browser.ts";
import { walk } from "./support/routes.ts";
import { Server } from "./support/server.ts";

const root = resolve(import.meta.dirname, "../../..");
const all = join(root, "frontend/test-results/screenshots");
const chosen = join(root, "docs/screenshots");
const largest = 150_000; // bytes

const shown = [
  "home-member-dark-1280",
  "home-member-light-1280",
  "home-dark-360",
  "thread-dark-768",
  "thread-light-360",
  "home-writing-dark-360",
  "expired-dark-360",
];

rmSync(all, { recursive: true, force: true });
mkdirSync(all, { recursive: true });
mkdirSync(chosen, { recursive: true });

await using server = await Server.start({ SEED: "true" });
const browser = await launch();
const views: View[] = [];
const open = async (options: Parameters<typeof View.open>[2]) => {
  const view = await View.open(browser, server, options);
  views.push(view);
  return view;
};
try {
  await walk(server, open, async ({ page }, name, theme, width) => {
    await page.screenshot({ path: join(all, `${name}-${theme}-${width}.png`) });
  });
} finally {
  await browser.close();
}
const problems = views.flatMap(({ watch }) => watch.problems);
if (problems.length > 0) throw new Error(problems.join("\n"));

for (const name of shown) {
  const file = join(all, `${name}.png`);
  const { size } = statSync(file);
  if (size > largest) throw new Error(`${file} has ${size} bytes, more than ${largest}`);
  copyFileSync(file, join(chosen, `${name}.png`));
}
console.log(`${all}; chosen: ${chosen}`);
