import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { View } from "./support/browser.ts";
import { makePerson } from "./support/people.ts";
import { scenario } from "./support/scenario.ts";
import { settles } from "./support/settles.ts";

const inline = (view: View) =>
  view.page.locator("#content").getByRole("textbox", { name: "Your post" });
const dialog = (view: View) => view.page.getByRole("dialog", { name: "New post" });
const write = (view: View) => view.page.getByRole("button", { name: "Write" }).click();
const isPost = (url: URL) => url.pathname === "/api/activities";

scenario("the composer opens over any page and shares its draft", async ({ server, open }) => {
  const bea = await makePerson(server, "bea", "Bea");
  const view = await open({ as: bea });
  const { page } = view;
  await view.goto("/settings");
  await write(view);
  await dialog(view).getByRole("textbox").fill("Begun elsewhere");
  await dialog(view).getByText("3h", { exact: true }).click();
  await page.keyboard.press("Escape");
  await dialog(view).waitFor({ state: "hidden" });

  await page.getByRole("link", { name: "Home" }).first().click();
  await settles(() => inline(view).inputValue(), "Begun elsewhere");
  await settles(() => page.getByRole("radio", { name: "3 hours" }).isChecked(), true);
  await inline(view).fill("Begun elsewhere, gone on here");
  await write(view);
  await settles(
    () => dialog(view).getByRole("textbox").inputValue(),
    "Begun elsewhere, gone on here",
  );
  await page.keyboard.press("Meta+Enter");
  await dialog(view).waitFor({ state: "hidden" });
  await view.card("Begun elsewhere, gone on here").waitFor();
  await settles(() => inline(view).inputValue(), "");
});

scenario("the end that is promised is the end that comes", async ({ server, open }) => {
  const bea = await makePerson(server, "bea", "Bea");
  const view = await open({ as: bea });
  const { page } = view;
  await inline(view).fill("Until then");
  await page.getByText("7d", { exact: true }).click();
  const promised = await page.locator("legend").getByText(/^gone /).textContent();
  await page.keyboard.press("Tab");
  await page.getByRole("button", { name: "Post", exact: true }).click();
  const card = view.card("Until then");
  await card.waitFor();
  const title = await card.locator("time.life-label").getAttribute("title");
  // Both to the minute; a minute may have begun in between.
  const minutes = (text: string | null) => Number(/:(\d\d)$/.exec(text ?? "")?.[1]);
  assert.equal(title?.replace(/:\d\d$/, ""), promised?.replace(/:\d\d$/, ""));
  assert((minutes(title) - minutes(promised) + 60) % 60 <= 1);
});

scenario("a post that fails keeps its text, and is sent once in the end", async (stage) => {
  const { server, open } = stage;
  const bea = await makePerson(server, "bea", "Bea");
  const view = await open({ as: bea });
  const { page } = view;
  const keys: (string | undefined)[] = [];
  let failures = 2;
  await page.route(isPost, async (route) => {
    keys.push(route.request().headers()["idempotency-key"]);
    failures -= 1;
    if (failures === 1) return route.fulfill({ status: 503, json: { errors: ["server_busy"] } });
    if (failures === 0) {
      await route.fetch(); // it arrives; only the answer is lost
      return route.abort();
    }
    return route.continue();
  });
  await inline(view).fill("Said three times, heard once");
  await inline(view).press("Control+Enter");
  await view.says("The server is busy. Try again in a moment.");
  await settles(() => inline(view).inputValue(), "Said three times, heard once");
  await inline(view).press("Control+Enter");
  await view.says(/The server can't be reached/);
  await settles(() => inline(view).inputValue(), "Said three times, heard once");
  await inline(view).press("Control+Enter");
  await view.card("Said three times, heard once").waitFor();
  await page.reload();
  await view.card("Said three times, heard once").waitFor();
  assert.equal(await view.card("Said three times, heard once").count(), 1);
  assert.equal(keys.length, 3);
  assert.equal(new Set(keys).size, 1);
  assert(view.watch.take(/503|net::ERR_FAILED/) >= 2);
});

scenario("on a slow network a post is on its way once", async ({ server, open }) => {
  const bea = await makePerson(server, "bea", "Bea");
  const view = await open({ as: bea });
  let sent = 0;
  await view.page.route(isPost, async (route) => {
    sent += 1;
    await sleep(1_500);
    await route.continue();
  });
  await inline(view).fill("Slowly");
  await inline(view).press("Control+Enter");
  await view.page.getByRole("button", { name: "Posting…" }).waitFor();
  await inline(view).press("Control+Enter");
  await view.card("Slowly").waitFor();
  assert.equal(sent, 1);
  await settles(() => inline(view).inputValue(), "");
});

scenario("two tabs share a draft", async ({ server, open }) => {
  const bea = await makePerson(server, "bea", "Bea");
  const first = await open({ as: bea });
  const second = await open({ beside: first });
  await second.goto("/");
  await inline(first).fill("In the first tab");
  await settles(() => inline(second).inputValue(), "In the first tab");
  await inline(second).fill("Gone on in the second");
  await settles(() => inline(first).inputValue(), "Gone on in the second");
  await inline(first).fill("And back again");
  await settles(() => inline(second).inputValue(), "And back again");
  await inline(first).press("Control+Enter");
  await first.card("And back again").waitFor();
  await settles(() => inline(second).inputValue(), "");
});
