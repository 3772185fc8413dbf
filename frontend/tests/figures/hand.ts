// A hand on the mouse and the keys. Playwright's own locators would compute names and roles of a thousand posts in the page, and
// that would be what is measured.
import type { Page } from "playwright-core";
import { until } from "../browser/support/until.ts";

const like = 'article button[aria-pressed="false"]';
const age = "article a > time";
const back = "#content button";

/** Waits until the page has `count` posts, or any. */
export async function seesPosts(page: Page, count = 1): Promise<void> {
  await page.waitForFunction(
    (wanted) => document.querySelectorAll("article").length >= wanted,
    count,
  );
}

/** Turns the wheel until `count` posts are in the page. */
export async function scrollThrough(page: Page, count: number): Promise<void> {
  const loaded = () => page.evaluate(() => document.querySelectorAll("article").length);
  await until(
    `${count} posts`,
    async () => {
      await page.mouse.wheel(0, 2_000);
      return (await loaded()) >= count;
    },
    180_000,
  );
}

/** Clicks the element at `index` of those that `selector` finds, where a person would see it. */
async function click(page: Page, selector: string, index: number): Promise<void> {
  const place = await page.evaluate(
    async ([which, at]) => {
      const element = document.querySelectorAll(which)[at];
      element?.scrollIntoView({ block: "center", behavior: "instant" });
      await new Promise(requestAnimationFrame);
      await new Promise(requestAnimationFrame);
      const box = element?.getBoundingClientRect();
      return box && { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    },
    [selector, index] as const,
  );
  if (!place) throw new Error(`there is no ${selector} number ${index}`);
  await page.mouse.click(place.x, place.y);
}

/** Likes `count` posts from the `from`th on, with one left out between them. */
export async function likeMany(page: Page, from: number, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await click(page, like, from + index);
}

export async function write(page: Page, text: string): Promise<void> {
  await click(page, "textarea", 0);
  await page.keyboard.type(text, { delay: 40 });
}

/** Opens the post at `index` and comes back to it. */
export async function openAndReturn(page: Page, index: number): Promise<void> {
  await click(page, age, index);
  await page.waitForURL(/status/);
  await page.locator("#reply-box").waitFor();
  await click(page, back, 0);
  await seesPosts(page, index);
}
