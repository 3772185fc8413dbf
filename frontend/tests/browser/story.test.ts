import assert from "node:assert/strict";
import type { Locator } from "playwright-core";
import type { View } from "./support/browser.ts";
import { mailedCode, makePerson } from "./support/people.ts";
import { scenario } from "./support/scenario.ts";
import { settles } from "./support/settles.ts";
import { until } from "./support/until.ts";

const ada = {
  name: "Ada Lovelace",
  handle: "ada",
  email: "ada@example.com",
  password: "notes on the engine",
};

async function join(view: View, code: () => Promise<string>): Promise<void> {
  const { page } = view;
  await view.goto("/");
  await page.locator("#content").getByRole("link", { name: "Create an account" }).click();
  await page.getByLabel("Name", { exact: true }).fill(ada.name);
  await page.getByLabel("Handle").fill("Ada");
  await page.getByLabel("Email").fill(ada.email);
  await page.getByLabel("Password", { exact: true }).fill(ada.password);
  await page.getByRole("button", { name: "Create account" }).click();
  await view.says(`We sent a code to ${ada.email}.`);
  await page.getByLabel("Code").fill(await code()); // it sends itself
  await page.getByRole("textbox", { name: "Your post" }).waitFor();
}

const likes = async (card: Locator) => {
  const button = card.getByRole("button", { name: /^Like/ });
  return {
    pressed: await button.getAttribute("aria-pressed"),
    text: ((await button.textContent()) ?? "").trim(),
  };
};

scenario("a person joins, posts, talks, and sees the post go on time", async ({ server, open }) => {
  const view = await open();
  const { page } = view;
  await join(view, () => mailedCode(server, ada.email));

  // Post with a lifetime, and see it run down.
  await page
    .getByRole("textbox", { name: "Your post" })
    .fill("This will not be here for long. #ash");
  await page.getByText("1h", { exact: true }).click();
  await page.getByRole("button", { name: "Post", exact: true }).click();
  const card = view.card("This will not be here");
  await card.waitFor();
  await settles(() => page.getByRole("textbox", { name: "Your post" }).inputValue(), "");
  const countdown = card.locator("time.life-label");
  const first = await countdown.locator("bdi[aria-hidden]").textContent();
  assert.match(first ?? "", /^(59:\d\d|1h 00m)$/);
  await until("the countdown to run", async () => {
    return (await countdown.locator("bdi[aria-hidden]").textContent()) !== first;
  });
  const expiry = Date.parse((await countdown.getAttribute("datetime")) ?? "");
  assert(Math.abs(expiry - (await server.now()) - 3_600_000) < 60_000);

  // Open the thread, reply, reply to the reply.
  await card.getByText("This will not be here").click();
  await page.waitForURL(/\/@ada\/status\//);
  const link = page.url();
  await page.getByRole("textbox", { name: "Your reply" }).fill("Nor will this.");
  await page.getByRole("button", { name: "Reply", exact: true }).last().click();
  const reply = view.card("Nor will this.");
  await reply.waitFor();
  await reply.getByRole("button", { name: "Reply" }).click();
  const nestedForm = page.getByRole("form", { name: "Your reply" }).nth(1);
  await nestedForm.getByRole("textbox").fill("Or this, below it.");
  await page.keyboard.press("Control+Enter");
  const nested = page.getByRole("listitem").filter({ hasText: "Nor will this." });
  await nested.getByRole("listitem").filter({ hasText: "Or this, below it." }).waitFor();
  await nestedForm.waitFor({ state: "detached" });

  // Like, twice changed; the count follows.
  const focal = view.card("This will not be here");
  await focal.getByRole("button", { name: /^Like/ }).click();
  await settles(() => likes(focal), { pressed: "true", text: "Like 1" });
  await focal.getByRole("button", { name: /^Like/ }).click();
  await settles(() => likes(focal), { pressed: "false", text: "Like" });
  await focal.getByRole("button", { name: /^Like/ }).click();

  // Somebody else reads it and likes it too.
  const bea = await makePerson(server, "bea", "Bea");
  const other = await open({ as: bea, width: 360 });
  await other.page.getByText("This will not be here").click();
  await other.says("Or this, below it.");
  const seen = other.card("This will not be here");
  assert.equal((await likes(seen)).text, "Like 1");
  await seen.getByRole("button", { name: /^Like/ }).click();
  await page.reload();
  await focal.waitFor();
  await settles(() => likes(focal), { pressed: "true", text: "Like 2" });
  await view.says("Or this, below it.");

  // Seconds before its end it is still there, for both; then it goes while they look on.
  await page.getByRole("button", { name: "Back" }).click();
  await card.waitFor();
  view.watch.expect(401, /\/api\//); // the token runs out at about the same time, and is renewed
  await server.moveTo(expiry, 10);
  for (const each of [view, other]) {
    // The next answer of the server tells the page of its clock; the page reads on by itself.
    await each.page.getByRole("button", { name: /^Like/ }).first().click();
  }
  await until("the last seconds", async () => {
    return /^0:(0\d|10)$/.test((await countdown.locator("bdi[aria-hidden]").textContent()) ?? "");
  });
  await card.waitFor({ state: "detached", timeout: 30_000 });
  assert((await server.now()) >= expiry);
  assert((await server.now()) < expiry + 5_000, "it went on time");
  await other.page.getByRole("heading", { name: "Its time was up" }).waitFor();

  // The deep link says so, and says nothing of what it was.
  view.watch.expect(410, /\/api\/activities\//);
  await page.goto(link);
  await page.getByRole("heading", { name: "Its time was up" }).waitFor();
  assert.doesNotMatch(await page.content(), /This will not be here|Nor will this|Ada Lovelace.s/);
});
