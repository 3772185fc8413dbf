import assert from "node:assert/strict";
import { focusedName, focusedPost, tabTo } from "./support/keyboard.ts";
import { mailedCode, makePerson, post, reply } from "./support/people.ts";
import { scenario } from "./support/scenario.ts";
import { settles } from "./support/settles.ts";

scenario("the whole story can be told by keyboard alone", async ({ server, open }) => {
  await post(server, await makePerson(server, "cy", "Cy"), "Somebody was here before");
  const view = await open();
  const { page } = view;
  const { keyboard } = page;
  const write = async (text: string) => {
    await keyboard.type(text);
    await keyboard.press("Tab");
  };
  await view.goto("/");
  await view.card("Somebody was here before").waitFor();
  await tabTo(page, "Create an account");
  await keyboard.press("Enter");
  await page.getByRole("heading", { name: "Join Cruddur" }).waitFor();
  await page.getByLabel("Name", { exact: true }).waitFor();
  if ((await focusedName(page)) !== "Name") await tabTo(page, "Name");
  await write("Ada Lovelace");
  await write("ada");
  await write("ada@example.com");
  await keyboard.type("notes on the engine");
  await keyboard.press("Enter");
  await page.getByLabel("Code").waitFor();
  if ((await focusedName(page)) !== "Code") await tabTo(page, "Code");
  await keyboard.type(await mailedCode(server, "ada@example.com"));
  const box = page.getByRole("textbox", { name: "Your post" });
  await box.waitFor();

  // A post with a lifetime, chosen by the arrow keys.
  await tabTo(page, "Your post");
  await keyboard.type("Written without a mouse");
  await keyboard.press("Tab");
  await keyboard.press("ArrowLeft");
  await view.says(/^gone /);
  await settles(() => page.getByRole("radio", { name: "12 hours" }).isChecked(), true);
  await keyboard.press("Shift+Tab");
  await keyboard.press("Control+Enter");
  const card = view.card("Written without a mouse");
  await card.waitFor();

  // Go through the feed, open, reply, like, and go back.
  await page.locator("#content").focus();
  await keyboard.press("j");
  await settles(() => focusedPost(page), "Written without a mouse");
  await keyboard.press("j");
  await settles(() => focusedPost(page), "Somebody was here before");
  await keyboard.press("l");
  const other = view.card("Somebody was here before");
  await other.getByRole("button", { name: "Like 1" }).waitFor();
  await keyboard.press("k");
  await keyboard.press("Enter");
  await page.waitForURL(/status/);
  await page.getByRole("textbox", { name: "Your reply" }).waitFor();
  await keyboard.press("r");
  await settles(() => focusedName(page), "Your reply");
  await keyboard.type("Nor this");
  await keyboard.press("Control+Enter");
  await view.card("Nor this").waitFor();
  await page.locator("#content").focus();
  await keyboard.press("l");
  await card.first().getByRole("button", { name: "Like 1" }).waitFor();
  await page.goBack();
  await settles(() => focusedPost(page), "Written without a mouse");

  // Take it back by keyboard, and sign out.
  await tabTo(page, "Delete");
  await keyboard.press("Enter");
  await card.waitFor({ state: "detached" });
  await keyboard.press("g");
  await keyboard.press("s");
  await page.getByRole("heading", { name: "Settings" }).waitFor();
  await tabTo(page, "Sign out");
  await keyboard.press("Enter");
  await page.getByRole("link", { name: "Sign in" }).first().waitFor();
});

scenario("single keys act at once, and the help says which", async ({ server, open }) => {
  const bea = await makePerson(server, "bea", "Bea");
  const root = await post(server, bea, "The first");
  await reply(server, bea, root, "An answer");
  await post(server, bea, "The second");
  const view = await open({ as: bea });
  const { page } = view;
  const { keyboard } = page;
  await view.card("The second").waitFor();

  await keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await help.waitFor();
  const keys = "j k . / g h g p g s ? o l r c".split(" ");
  await settles(() => help.locator("kbd").allTextContents(), keys);
  await keyboard.press("j"); // a dialog is open: nothing below it moves
  await keyboard.press("Escape");
  await help.waitFor({ state: "hidden" });
  await settles(() => focusedPost(page), "");

  await keyboard.press("c");
  const composer = page.getByRole("dialog", { name: "New post" });
  await composer.waitFor();
  await settles(() => focusedName(page), "Your post");
  await keyboard.type("jkl?");
  await settles(() => composer.getByRole("textbox").inputValue(), "jkl?");
  await keyboard.press("Escape");
  await composer.waitFor({ state: "hidden" });

  await keyboard.press("/");
  await settles(() => focusedName(page), "Handle");
  await keyboard.type("@Bea");
  await keyboard.press("Enter");
  await page.getByRole("heading", { name: "Bea", level: 1 }).waitFor();
  await keyboard.press("g");
  await keyboard.press("h");
  await page.waitForURL(`${server.url}/`);
  await view.card("The first").waitFor();

  await keyboard.press("j");
  await keyboard.press("j");
  await settles(() => focusedPost(page), "The first");
  await keyboard.press("r");
  await page.waitForURL(/status/);
  await settles(() => focusedName(page), "Your reply");
  await page.locator("#content").focus();
  await keyboard.press("j");
  await keyboard.press("j");
  await settles(() => focusedPost(page), "An answer");
  await keyboard.press("l");
  await view.card("An answer").getByRole("button", { name: "Like 1" }).waitFor();
  await keyboard.press("g");
  await keyboard.press("p");
  await page.waitForURL(`${server.url}/@bea`);
});

scenario("new posts come at the press of a key", async ({ server, open }) => {
  const bea = await makePerson(server, "bea", "Bea");
  await post(server, bea, "Already there");
  const view = await open({ as: bea });
  await view.card("Already there").waitFor();
  await post(server, bea, "Just in");
  // It looks at once when there is a network again, but not twice in a second.
  await settles(async () => {
    await view.page.evaluate(() => window.dispatchEvent(new Event("online")));
    return view.page.getByRole("button", { name: "Show 1 new post" }).count();
  }, 1);
  await settles(() => view.page.title(), "(1) Home · Cruddur");
  await settles(
    () => view.page.locator('link[rel="icon"]').getAttribute("href"),
    "/icon-waiting.svg",
  );
  await view.page.keyboard.press(".");
  await view.card("Just in").waitFor();
  await settles(() => view.page.title(), "Home · Cruddur");
  await settles(() => view.page.locator('link[rel="icon"]').getAttribute("href"), "/icon.svg");
});

scenario("shortcuts rest while one types, and can be switched off", async ({ server, open }) => {
  const bea = await makePerson(server, "bea", "Bea");
  await post(server, bea, "Stay calm");
  const view = await open({ as: bea });
  const { page } = view;
  await view.card("Stay calm").waitFor();
  await page.getByRole("textbox", { name: "Your post" }).pressSequentially("look? c/j.");
  await settles(() => page.getByRole("dialog").count(), 0);
  await view.goto("/settings");
  const toggle = page.getByRole("switch", { name: "Keyboard shortcuts" });
  await toggle.focus();
  await page.keyboard.press("Space");
  await settles(() => toggle.isChecked(), false);
  await page.reload();
  await toggle.waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("h");
  await page.keyboard.press("?");
  await page.getByRole("button", { name: "Show all shortcuts" }).click();
  const help = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await help.getByText("Shortcuts are off.").waitFor();
  assert.equal(new URL(page.url()).pathname, "/settings");
  await help.getByRole("button", { name: "Turn shortcuts on" }).click();
  await page.keyboard.press("Escape");
  await help.waitFor({ state: "hidden" });
  await page.keyboard.press("g");
  await page.keyboard.press("h");
  await page.waitForURL(`${server.url}/`);
});
