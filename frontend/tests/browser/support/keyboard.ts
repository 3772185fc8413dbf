import type { Page } from "playwright-core";

const patience = 80; // presses

/** Presses Tab until what has the focus bears `name` (its label or its text). */
export async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const seen: string[] = [];
  for (let press = 0; press < patience; press += 1) {
    await page.keyboard.press("Tab");
    const focused = await focusedName(page);
    if (typeof name === "string" ? focused === name : name.test(focused)) return;
    seen.push(focused);
  }
  throw new Error(`Tab never came to ${name}, but to: ${seen.join(" | ")}`);
}

/** The accessible name of what has the focus, near enough. */
export function focusedName(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return "";
    const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : [];
    const named = element.getAttribute("aria-labelledby");
    const text =
      element.getAttribute("aria-label") ??
      (named && document.getElementById(named)?.textContent) ??
      (labels.map((label) => label.textContent).join(" ") || element.textContent);
    return (text ?? "").trim().replace(/\s+/g, " ");
  });
}

/** The message of the post that has the focus, or holds what has it. */
export function focusedPost(page: Page): Promise<string> {
  return page.evaluate(() => {
    const post = document.activeElement?.closest("[data-post]");
    return post?.querySelector("p[dir=auto]")?.textContent ?? "";
  });
}
