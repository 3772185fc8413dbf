// A hand on the mouse and the keys. Playwright's own locators would compute names and roles of a thousand posts in the page, and
// that would be what is measured.
import type { Page } from "playwright-core";
import { until } from "../browser/support/until.ts";

const look = 500; // ms between finding something and clicking it

const like = 'article button[aria-pressed="false"]';
const age = "article a > time";
const back = "#content button";

/** Waits until there are posts on the page. */
export async function seesPosts(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector("article"));
}

/** Turns the wheel until the feed has `count` posts. */
export async function scrollThrough(page: Page, count: number): Promise<void> {
  const reached = () =>
    page.evaluate(() => {
      const last = [...document.querySelectorAll("article")].at(-1);
      return Number(last?.getAttribute("aria-posinset") ?? 0);
    });
  await until(
    `${count} posts`,
    async () => {
      await page.mouse.wheel(0, 600);
      return (await reached()) >= count;
    },
    240_000,
  );
}

/** Clicks the element at `index` (from the end, if negative) of those that `selector` finds, where a person would see it. */
async function click(page: Page, selector: string, index: number): Promise<void> {
  await page.evaluate(
    ([which, at]) => {
      const element = [...document.querySelectorAll(which)].at(at);
      element?.scrollIntoView({ block: "center", behavior: "instant" });
    },
    [selector, index] as const,
  );
  await page.waitForTimeout(look);
  const place = await page.evaluate(
    ([which, at]) => {
      const element = [...document.querySelectorAll(which)].at(at);
      const box = element?.getBoundingClientRect();
      return box && { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    },
    [selector, index] as const,
  );
  if (!place) throw new Error(`there is no ${selector} number ${index}`);
  await page.mouse.click(place.x, place.y);
}

/** Likes `count` posts, going up. */
export async function likeMany(page: Page, count: number): Promise<void> {
  for (let liked = 0; liked < count; liked += 1) await click(page, like, -1 - (liked % 2));
}

export async function write(page: Page, text: string): Promise<void> {
  await click(page, "textarea", 0);
  await page.keyboard.type(text, { delay: 40 });
}

/** Opens a post and comes back to it. */
export async function openAndReturn(page: Page, index: number): Promise<void> {
  await click(page, age, index);
  await page.waitForURL(/status/);
  await page.locator("#reply-box").waitFor();
  await click(page, back, 0);
  await seesPosts(page);
}
