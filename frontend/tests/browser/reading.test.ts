import assert from "node:assert/strict";
import type { View } from "./support/browser.ts";
import { makePerson, type Person, post, reply } from "./support/people.ts";
import { scenario } from "./support/scenario.ts";
import type { Server } from "./support/server.ts";
import { settles } from "./support/settles.ts";
import { until } from "./support/until.ts";

async function write(server: Server, author: Person, count: number): Promise<void> {
  for (let number = 1; number <= count; number += 1) {
    await post(server, author, `Number ${number} of ${count}.`);
  }
}

const numbers = (view: View) =>
  view.page
    .getByRole("article")
    .evaluateAll((cards) =>
      cards.map((card) => Number(/Number (\d+) of/.exec(card.textContent ?? "")?.[1])),
    );

scenario("the feed loads as one scrolls, each post once, newest first", async (stage) => {
  const { server, open } = stage;
  const bea = await makePerson(server, "bea");
  await write(server, bea, 45);
  const view = await open({ width: 768 });
  await view.goto("/");
  await view.says("Number 45 of 45.");
  assert((await numbers(view)).length < 45, "not everything at once");
  await until("the whole feed", async () => {
    await view.page.mouse.wheel(0, 2_000);
    return (await view.page.getByText("That is all that is alive right now.").count()) === 1;
  });
  assert.deepEqual(
    await numbers(view),
    Array.from({ length: 45 }, (_, index) => 45 - index),
  );

  // There and back again: the same posts at the same height.
  const target = view.page.getByText("Number 7 of 45.");
  await target.scrollIntoViewIfNeeded();
  const before = await view.page.evaluate(() => window.scrollY);
  assert(before > 3_000);
  await target.click();
  await view.page.waitForURL(/status/);
  await view.says("No replies yet.");
  assert.equal(await view.page.evaluate(() => window.scrollY), 0);
  await view.page.getByRole("button", { name: "Back" }).click();
  await target.waitFor();
  await until("the old place", async () => {
    return Math.abs((await view.page.evaluate(() => window.scrollY)) - before) <= 2;
  });
  await settles(async () => (await numbers(view)).length, 45);
});

scenario("new posts wait behind a pill until they are asked for", async ({ server, open }) => {
  const bea = await makePerson(server, "bea");
  await write(server, bea, 3);
  const view = await open();
  await view.page.clock.install();
  await view.goto("/");
  await view.says("Number 3 of 3.");
  await post(server, bea, "Number 4 of a kind.");
  await view.page.clock.runFor(31_000);
  const pill = view.page.getByRole("button", { name: "Show 1 new post" });
  await pill.waitFor();
  assert.deepEqual(await numbers(view), [3, 2, 1]);
  await pill.click();
  await view.says("Number 4 of a kind.");
  assert.deepEqual(await numbers(view), [4, 3, 2, 1]);
});

scenario("a visitor reads everything and is asked to sign in when acting", async (stage) => {
  const { server, open } = stage;
  const bea = await makePerson(server, "bea", "Bea");
  const root = await post(server, bea, "Open to everyone");
  await reply(server, bea, root, "And its replies");
  const view = await open({ width: 360 });
  const { page } = view;
  const prompt = page.getByRole("dialog", { name: "Sign in to take part" });
  const justReading = async () => {
    await prompt.waitFor();
    await prompt.getByRole("button", { name: "Just reading" }).click();
    await prompt.waitFor({ state: "hidden" });
  };
  await view.goto("/");
  await page.getByRole("heading", { name: "Nothing here is for ever." }).waitFor();
  await view.card("Open to everyone").getByRole("button", { name: "Like" }).click();
  await justReading();
  await view.card("Open to everyone").getByRole("link", { name: "Reply" }).click();
  await view.says("And its replies");
  await page.getByRole("button", { name: "Sign in to reply" }).click();
  await justReading();
  await view.card("And its replies").getByRole("button", { name: "Reply" }).click();
  await view.card("Open to everyone").getByRole("link", { name: "Bea" }).click();
  await page.getByRole("heading", { name: "Bea" }).waitFor();
  await view.card("Open to everyone").waitFor();
  await settles(() => page.getByRole("button", { name: "Delete" }).count(), 0);
});

scenario("addresses that lead nowhere say so", async ({ server, open }) => {
  await makePerson(server, "bea");
  const view = await open();
  const { page } = view;
  const heading = (name: string) => page.getByRole("heading", { name, level: 1 }).waitFor();
  for (const path of ["/no/such/page", "/nobody", "/bea/status/1"]) {
    await view.goto(path);
    await heading("Nothing here");
    assert.match(await page.title(), /^Nothing here · Cruddur$/);
  }
  view.watch.expect(404, /\/api\/(users|activities)\//);
  for (const handle of ["nobody_here", "caf%C3%A9", "a"]) {
    await view.goto(`/@${handle}`);
    await heading("Nobody by that name");
  }
  for (const uuid of ["019a0000-0000-7000-8000-000000000000", "not-a-uuid"]) {
    await view.goto(`/@bea/status/${uuid}`);
    await heading("Nothing here");
  }
  await page.getByRole("link", { name: "See what is alive" }).click();
  await page.getByRole("heading", { name: "Quiet in here" }).waitFor();
});

scenario("offline, nothing is lost; online again, it goes on", async ({ server, open }) => {
  const bea = await makePerson(server, "bea", "Bea");
  await post(server, bea, "Written on land");
  const view = await open({ as: bea });
  const { page } = view;
  const card = view.card("Written on land");
  await card.waitFor();
  await page.getByRole("link", { name: "Profile" }).first().click(); // loads that page's code
  await page.getByRole("heading", { name: "Bea" }).waitFor();
  await page.getByRole("link", { name: "Home" }).first().click();
  await card.waitFor();

  view.watch.offline = true;
  await view.context.setOffline(true);
  await card.getByRole("button", { name: "Like" }).click();
  await view.says(/The server can't be reached/);
  await until("the like to be taken back", async () => {
    const button = card.getByRole("button", { name: "Like" });
    return (await button.getAttribute("aria-pressed")) === "false";
  });
  const box = page.getByRole("textbox", { name: "Your post" });
  await box.fill("Written at sea");
  await box.press("Control+Enter");
  await page.getByRole("alert").filter({ hasText: "The server can't be reached" }).waitFor();
  await settles(() => box.inputValue(), "Written at sea");

  await view.context.setOffline(false);
  view.watch.offline = false;
  await page.getByRole("button", { name: "Post", exact: true }).click();
  await view.card("Written at sea").waitFor();
  await card.getByRole("button", { name: "Like" }).click();
  await card.getByRole("button", { name: "Like 1" }).waitFor();
  await page.reload();
  await view.card("Written at sea").waitFor();
  await settles(() => view.card("Written at sea").count(), 1);
});

scenario("a page that was opened offline comes up once there is a network", async (stage) => {
  const { server, open } = stage;
  await post(server, await makePerson(server, "bea", "Bea"), "By Bea");
  await post(server, await makePerson(server, "cy", "Cy"), "By Cy");
  const view = await open();
  const { page } = view;
  await view.goto("/");
  await page.getByRole("link", { name: "Bea", exact: true }).first().click(); // loads that page's code
  await page.getByRole("heading", { name: "Bea" }).waitFor();
  await page.getByRole("link", { name: "Home" }).first().click();
  await view.card("By Cy").waitFor();

  view.watch.offline = true;
  await view.context.setOffline(true);
  await page.getByRole("link", { name: "Cy", exact: true }).first().click();
  await page.getByRole("alert").filter({ hasText: "The server can't be reached" }).waitFor();
  await view.context.setOffline(false);
  await page.getByRole("heading", { name: "Cy" }).waitFor();
  await view.card("By Cy").waitFor();
});
