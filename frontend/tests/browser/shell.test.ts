import assert from "node:assert/strict";
import { focusedName, focusedPost } from "./support/keyboard.ts";
import { makePerson, post } from "./support/people.ts";
import { scenario } from "./support/scenario.ts";
import { settles } from "./support/settles.ts";

scenario("the focus goes where the page goes, and back", async ({ server, open }) => {
  const bea = await makePerson(server, "bea", "Bea");
  for (const n of [1, 2, 3]) await post(server, bea, `Number ${n}`);
  const view = await open();
  const { page } = view;
  await view.goto("/");
  await view.card("Number 3").waitFor();
  await page.keyboard.press("Tab");
  assert.equal(await focusedName(page), "Skip to the content");
  await page.keyboard.press("Enter");
  await settles(() => page.evaluate(() => document.activeElement?.id), "content");

  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.waitForURL(/status/);
  await page.getByRole("heading", { name: "Bea" }).waitFor();
  await settles(() => page.evaluate(() => document.activeElement?.id), "content");
  await settles(() => page.title(), "Post by Bea · Cruddur");
  await settles(
    () => page.getByRole("status").filter({ hasText: "Post by Bea" }).count(),
    1, // said aloud
  );
  await page.goBack();
  await settles(() => focusedPost(page), "Number 2");
});

scenario("the skip link is no step of the way back", async ({ server, open }) => {
  const cy = await makePerson(server, "cy", "Cy");
  await post(server, cy, "Skipped to");
  const view = await open();
  const { page } = view;
  await view.goto("/@cy");
  await view.card("Skipped to").focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/status/);
  await page.getByRole("link", { name: "Skip to the content" }).focus();
  await page.keyboard.press("Enter");
  await settles(() => page.evaluate(() => document.activeElement?.id), "content");
  await page.getByRole("button", { name: "Back" }).click();
  await page.waitForURL(`${server.url}/@cy`);
});

scenario("a dialog stays when text is selected out of it", async ({ open }) => {
  const view = await open();
  const { page } = view;
  await view.goto("/");
  await page.getByRole("button", { name: "Find a person" }).first().click();
  const words = page.getByText("As in @handle.");
  await words.waitFor();
  await words.hover();
  await page.mouse.down();
  await page.mouse.move(5, 5);
  await page.mouse.up();
  await page.evaluate(() => new Promise(requestAnimationFrame));
  await settles(() => page.getByRole("dialog").count(), 1);
  await page.mouse.click(5, 5);
  await settles(() => page.getByRole("dialog").count(), 0);
});

scenario("a dialog keeps the focus, and gives it back", async ({ open }) => {
  const view = await open();
  const { page } = view;
  await view.goto("/");
  const opener = page.getByRole("button", { name: "Find a person" }).first();
  await opener.click();
  await settles(() => focusedName(page), "Handle");
  for (let press = 0; press < 6; press += 1) await page.keyboard.press("Tab");
  const inside = await page.evaluate(() => {
    const focused = document.activeElement;
    return focused === document.body || focused?.closest("dialog") !== null;
  });
  assert(inside, "the focus left the dialog");
  await page.keyboard.press("Escape");
  await settles(() => focusedName(page), "Find a person");
});

scenario("a reload finds the place, and a sign-out the focus", async ({ server, open }) => {
  const bea = await makePerson(server, "bea", "Bea");
  for (let n = 1; n <= 15; n += 1) await post(server, bea, `Number ${n} of many`);
  const view = await open({ as: bea });
  const { page } = view;
  await view.goto("/@bea");
  await view.card("Number 15 of many").waitFor();
  await page.evaluate(() => window.scrollTo(0, 600));
  await settles(() => page.evaluate(() => window.scrollY), 600);
  await page.reload();
  await settles(() => page.evaluate(() => window.scrollY), 600);
  await page.getByRole("button", { name: "Sign out" }).focus();
  await page.keyboard.press("Enter");
  await view.says("Signed out.");
  await settles(() => page.evaluate(() => document.activeElement?.id), "content");
});

scenario("without a network a banner says so", async ({ open }) => {
  const view = await open();
  await view.goto("/");
  const banner = view.page.getByText("You are offline.");
  view.watch.offline = true;
  await view.context.setOffline(true);
  await banner.waitFor();
  await view.context.setOffline(false);
  await banner.waitFor({ state: "detached" });
});

scenario("a pane that breaks leaves the others standing", async ({ server, open }) => {
  const bea = await makePerson(server, "bea", "Bea");
  await post(server, bea, "Whole");
  const view = await open();
  const { page } = view;
  await page.route("**/api/activities/@bea*", (route) => route.fulfill({ json: { data: [null] } }));
  await view.goto("/");
  await view.card("Whole").getByRole("link", { name: "Bea", exact: true }).click();
  await page.getByRole("heading", { name: "This part broke" }).waitFor();
  assert(view.watch.take(/Cannot read properties of null/) > 0);
  await page.getByRole("link", { name: "Home" }).first().click();
  await view.card("Whole").waitFor();
});

scenario("on a narrow screen everything is in reach of the thumb", async ({ server, open }) => {
  const bea = await makePerson(server, "bea", "Bea");
  const view = await open({ as: bea, width: 360 });
  const { page } = view;
  const tabs = page.getByRole("navigation", { name: "Main" });
  await tabs.getByRole("button", { name: "Write" }).click();
  const composer = page.getByRole("dialog", { name: "New post" });
  await composer.getByRole("textbox", { name: "Your post" }).fill("From the thumb");
  await composer.getByRole("button", { name: "Post", exact: true }).click();
  await composer.waitFor({ state: "hidden" });
  await view.card("From the thumb").waitFor();
  for (const [name, path] of [
    ["Profile", "/@bea"],
    ["Settings", "/settings"],
    ["Home", "/"],
  ] as const) {
    await tabs.getByRole("link", { name }).click();
    await page.waitForURL(server.url + path);
    assert.equal(await view.overflows(), false);
  }
});
