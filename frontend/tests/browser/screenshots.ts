// Takes a picture of every page in both themes at every width into docs/screenshots/. Those that the documentation shows are
// kept with the sources; git does not look at the others.
import { mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { launch, View } from "./support/browser.ts";
import { people, walk } from "./support/routes.ts";
import { Server } from "./support/server.ts";

const root = resolve(import.meta.dirname, "../../..");
const folder = join(root, "docs/screenshots");
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

mkdirSync(folder, { recursive: true });
for (const old of readdirSync(folder)) if (old.endsWith(".png")) rmSync(join(folder, old));

await using server = await Server.start({ SEED: "true" });
const browser = await launch();
const views: View[] = [];
const open = async (options: Parameters<typeof View.open>[2]) => {
  const view = await View.open(browser, server, options);
  views.push(view);
  return view;
};
try {
  await walk(server, open, people, (name, each) =>
    each(async ({ page }, theme, width) => {
      await page.screenshot({ path: join(folder, `${name}-${theme}-${width}.png`) });
    }),
  );
} finally {
  await browser.close();
}
const problems = views.flatMap(({ watch }) => watch.problems);
if (problems.length > 0) throw new Error(problems.join("\n"));

for (const name of shown) {
  const { size } = statSync(join(folder, `${name}.png`));
  if (size > largest) throw new Error(`${name} has ${size} bytes, more than ${largest}`);
}
console.log(`${readdirSync(folder).length} pictures in ${folder}`);
