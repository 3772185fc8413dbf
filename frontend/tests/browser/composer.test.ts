import assert from "node:assert/strict";
import type { View } from "./support/browser.ts";
import { Gate } from "./support/gate.ts";
import { focusedName, focusedPost } from "./support/keyboard.ts";
import { makePerson, post, reply } from "./support/people.ts";
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
  const promised = await page
    .locator("legend")
    .getByText(/^gone /)
    .textContent();
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
  view.page.on("request", (request) => {
    if (isPost(new URL(request.url()))) sent += 1;
  });
  const gate = await Gate.at(view.page, isPost);
  await inline(view).fill("Slowly");
  await inline(view).press("Control+Enter");
  await view.page.getByRole("button", { name: "Posting…" }).waitFor();
  await inline(view).press("Control+Enter");
  gate.open();
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

scenario("what is written while a post is on its way stays", async ({ server, open }) => {
  const bea = await makePerson(server, "bea", "Bea");
  const view = await open({ as: bea });
  const gate = await Gate.at(view.page, isPost);
  await inline(view).fill("Said");
  await inline(view).press("Control+Enter");
  await view.page.getByRole("button", { name: "Posting…" }).waitFor();
  await inline(view).fill("Said. And a second thought");
  gate.open();
  await view.card("Said").waitFor();
  await view.says("Posted.");
  await settles(() => inline(view).inputValue(), "Said. And a second thought");
});

scenario("a post that is left while it is on its way is done with", async ({ server, open }) => {
  const bea = await makePerson(server, "bea", "Bea");
  const view = await open({ as: bea });
  const { page } = view;
  const gate = await Gate.at(page, isPost);
  await write(view);
  await dialog(view).getByRole("textbox").fill("Sent and left");
  await page.keyboard.press("Control+Enter");
  await dialog(view).getByRole("button", { name: "Posting…" }).waitFor();
  await page.keyboard.press("Escape");
  await dialog(view).waitFor({ state: "hidden" });
  await page.getByRole("link", { name: "Settings" }).first().click();
  await page.getByRole("heading", { name: "Settings" }).waitFor();
  gate.open();
  await view.says("Posted.");
  await page.getByRole("link", { name: "Home" }).first().click();
  await view.card("Sent and left").waitFor();
  await settles(() => inline(view).inputValue(), "");
});

scenario("a post whose answer was lost to a reload is sent once", async ({ server, open }) => {
  const bea = await makePerson(server, "bea", "Bea");
  const view = await open({ as: bea });
  const { page } = view;
  const arrived = Promise.withResolvers<void>();
  await page.route(isPost, async (route) => {
    await route.fetch(); // it arrives; the answer never comes
    arrived.resolve();
  });
  await inline(view).fill("Said twice, heard once");
  await inline(view).press("Control+Enter");
  await arrived.promise;
  await page.reload();
  await page.unroute(isPost);
  await view.card("Said twice, heard once").waitFor();
  await settles(() => inline(view).inputValue(), "Said twice, heard once");
  await inline(view).press("Control+Enter");
  await settles(() => inline(view).inputValue(), "");
  await page.reload();
  await view.card("Said twice, heard once").waitFor();
  assert.equal(await view.card("Said twice, heard once").count(), 1);
});

scenario("the focus stays with who writes", async ({ server, open }) => {
  const bea = await makePerson(server, "bea", "Bea");
  const root = await post(server, bea, "The root");
  await reply(server, bea, root, "An answer");
  const view = await open({ as: bea });
  const { page } = view;
  const { keyboard } = page;
  const button = (name: string) => page.getByRole("button", { name, exact: true });

  // A post that fails leaves it on the button; one that arrives gives it to the box.
  const gate = new Gate();
  await page.route(isPost, async (route) => {
    await gate.pass();
    await route.fulfill({ status: 503, json: { errors: ["server_busy"] } });
  });
  await inline(view).fill("By its button");
  await button("Post").focus();
  await keyboard.press("Enter");
  await button("Posting…").waitFor();
  gate.open();
  await view.says("The server is busy. Try again in a moment.");
  await settles(() => focusedName(page), "Post");
  assert(view.watch.take(/503/) >= 1);
  await page.unroute(isPost);
  await keyboard.press("Enter");
  await view.card("By its button").waitFor();
  await settles(() => focusedName(page), "Your post");

  // So does a reply below its post.
  await view.goto(`/@bea/status/${root.uuid}`);
  const main = page.locator("#reply-box").getByRole("textbox", { name: "Your reply" });
  await main.fill("A reply by its button");
  await page.locator("#reply-box").getByRole("button", { name: "Reply", exact: true }).focus();
  await keyboard.press("Enter");
  await view.card("A reply by its button").waitFor();
  await settles(() => focusedName(page), "Your reply");

  // A box that opened for one reply gives it to that.
  const answer = view.card("An answer");
  const openBox = async () => {
    await answer.getByRole("button", { name: "Reply", exact: true }).click();
    await settles(() => focusedName(page), "Your reply");
  };
  await openBox();
  await button("Cancel").focus();
  await keyboard.press("Enter");
  await settles(() => focusedPost(page), "An answer");
  await openBox();
  await keyboard.type("Deeper");
  await keyboard.press("Control+Enter");
  await view.card("Deeper").waitFor();
  await settles(() => focusedPost(page), "An answer");
});

scenario("the reply box takes the focus once", async ({ server, open }) => {
  const bea = await makePerson(server, "bea", "Bea");
  await post(server, bea, "Answer me");
  const view = await open({ as: bea });
  const { page } = view;
  const thread = page.getByRole("textbox", { name: "Your reply" });
  await view.card("Answer me").getByRole("link", { name: "Reply" }).click();
  await settles(() => focusedName(page), "Your reply");
  await page.reload();
  await thread.waitFor();
  await settles(() => focusedName(page), "");
  await page.getByRole("link", { name: "Settings" }).first().click();
  await page.getByRole("heading", { name: "Settings" }).waitFor();
  await page.goBack();
  await thread.waitFor();
  await settles(() => page.locator("#content").evaluate((e) => e === document.activeElement), true);
  await page.goBack();
  await view.card("Answer me").waitFor();
  await page.waitForURL((url) => url.pathname === "/");
});

scenario("a reply that its post did not outlive becomes a post", async ({ server, open }) => {
  const bea = await makePerson(server, "bea", "Bea");
  const root = await post(server, bea, "Answer me quickly", "1-hour");
  const view = await open({ as: bea });
  await view.goto(`/@bea/status/${root.uuid}`);
  const box = view.page.getByRole("textbox", { name: "Your reply" });
  await box.fill("Not quickly enough");
  await server.moveTo(Date.parse(root.expires_at), 4);
  await view.comeToFront(); // the server's answer tells the time
  await view.page.getByRole("heading", { name: "Its time was up" }).waitFor();
  await view.page.getByRole("heading", { name: "You had begun a reply" }).waitFor();
  await view.says("Not quickly enough");
  await view.page.getByRole("button", { name: "Make it a post" }).click();
  await settles(() => dialog(view).getByRole("textbox").inputValue(), "Not quickly enough");
  await dialog(view).getByRole("button", { name: "Post", exact: true }).click();
  await dialog(view).waitFor({ state: "hidden" });
  await settles(() => view.page.getByText("You had begun a reply").count(), 0);
  view.watch.take(/\b401\b/); // the hour has passed for the access token too, which may be noticed late
});

scenario("on a short screen the composer keeps its button in view", async ({ server, open }) => {
  const bea = await makePerson(server, "bea", "Bea");
  const view = await open({ as: bea, width: 360 });
  await view.page.setViewportSize({ width: 360, height: 400 });
  await write(view);
  await dialog(view).getByRole("textbox").fill("A long thought. ".repeat(17));
  const button = dialog(view).getByRole("button", { name: "Post", exact: true });
  await settles(async () => {
    const place = await button.boundingBox();
    return place !== null && place.y + place.height <= 400;
  }, true);
});

scenario("Escape leaves a box without losing what is in it", async ({ server, open }) => {
  const bea = await makePerson(server, "bea", "Bea");
  await post(server, bea, "Something to read");
  const view = await open({ as: bea });
  await view.card("Something to read").waitFor();
  await inline(view).fill("Half a thought");
  await view.page.keyboard.press("Escape");
  await view.page.keyboard.press("j");
  await settles(() => inline(view).inputValue(), "Half a thought");
  await settles(
    () => view.page.evaluate(() => document.activeElement?.hasAttribute("data-post")),
    true,
  );
});
