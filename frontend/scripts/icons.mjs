// Draws public/icon.svg as the PNGs that home screens want. Usage: npm run icons
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { chromium } from "playwright-core";

const folder = join(import.meta.dirname, "../public");
const icons = [
  { file: "icon-192.png", size: 192 },
  { file: "icon-512.png", size: 512 },
  // Systems cut their own shape out of a maskable icon: its ground reaches to the edges, and the sign stays in the middle
  // four fifths.
  { file: "icon-maskable-512.png", size: 512, full: true },
  { file: "apple-touch-icon.png", size: 180, full: true },
];

const rounded = await readFile(join(folder, "icon.svg"), "utf8");
const full = rounded.replace(/ rx="\d+"/, "");

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu"],
});
try {
  const page = await browser.newPage();
  for (const { file, size, full: toTheEdges = false } of icons) {
    await page.setViewportSize({ width: size, height: size });
    const drawing = (toTheEdges ? full : rounded).replace(
      "<svg ",
      '<svg style="position: fixed; inset: 0" ',
    );
    await page.setContent(`<!doctype html>${drawing}`);
    const png = await page.screenshot({ omitBackground: true });
    await writeFile(join(folder, file), png);
    console.log(`${file}  ${png.length} bytes`);
  }
} finally {
  await browser.close();
}
