import assert from "node:assert/strict";
import { focusedName } from "./support/keyboard.ts";
import { makePerson, post } from "./support/people.ts";
import { scenario } from "./support/scenario.ts";
import { settles } from "./support/settles.ts";

const canvas = "getComputedStyle(document.documentElement).backgroundColor";
const dark = "rgb(14, 9, 25)";
const light = "rgb(245, 241, 252)";

scenario("a chosen theme holds in every tab and from the first paint on", async ({ open }) => {
  const view = await open({ theme: "dark" });
  const { page } = view;
  await view.goto("/settings");
  const second = await view.context.newPage();
  await second.goto(`${view.origin}/`);
  await settles(() => second.evaluate(canvas), dark);
  await page.getByText("Light", { exact: true }).click();
  await settles(() => page.evaluate(canvas), light);
  await settles(() => second.evaluate(canvas), light);

  // Before the client's own scripts have run, the page has its colour already.
  await second.route("**/assets/*.js", (route) => route.abort());
  await second.goto(`${view.origin}/`, { waitUntil: "commit" });
  await settles(() => second.evaluate(canvas), light);
  await settles(
    () => second.locator('meta[name="theme-color"][media="all"]').getAttribute("content"),
    "#f5f1fc",
  );
  await second.close();

  await page.getByText("As the system").click();
  await settles(() => page.evaluate(canvas), dark);
});

scenario("the browser's language is spoken, and another can be chosen", async (stage) => {
  const { server, open } = stage;
  const bea = await makePerson(server, "bea", "Bea");
  await post(server, bea, "Words stay as they were written", "7-days");
  const view = await open({ as: bea, locale: "de-AT" });
  const { page } = view;
  await view.goto("/");
  await page.getByRole("textbox", { name: "Dein Beitrag" }).waitFor();
  await settles(() => page.locator("html").getAttribute("lang"), "de");
  await settles(() => page.title(), "Start · Cruddur");
  await view.says("Words stay as they were written");
  await view.says(/^weg /);
  await page.getByRole("textbox", { name: "Dein Beitrag" }).fill("Bleibt stehen");

  await page.getByRole("link", { name: "Einstellungen" }).first().click();
  await page.getByText("English").click();
  await page.getByRole("heading", { name: "Settings" }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "Settings" }).waitFor();
  await settles(() => page.locator("html").getAttribute("lang"), "en");
  await page.getByRole("link", { name: "Home" }).first().click();
  await settles(
    () => page.getByRole("textbox", { name: "Your post" }).inputValue(),
    "Bleibt stehen",
  );
});

scenario("a language that can't be had leaves all as it is", async ({ open }) => {
  const view = await open({ serviceWorker: false });
  const { page } = view;
  const beside = await open({ beside: view });
  await beside.goto("/");
  await page.route(/\/assets\/de-/, (route) => route.abort());
  await view.goto("/settings");
  await page.getByText("Deutsch").click();
  await view.says("That language could not be loaded.");
  await settles(() => page.getByRole("radio", { name: "As the browser" }).isChecked(), true);
  view.watch.take(/ERR_FAILED/);
  await page.unroute(/\/assets\/de-/);

  // The other tab follows; the focus stays on what was chosen.
  await page.getByText("Deutsch").click();
  await page.getByRole("heading", { name: "Einstellungen" }).waitFor();
  await settles(() => focusedName(page), "Deutsch");
  await settles(() => beside.page.locator("html").getAttribute("lang"), "de");
});

scenario("an account can be ended, and nothing of it is left", async ({ server, open }) => {
  const bea = await makePerson(server, "bea", "Bea");
  await post(server, bea, "My last words");
  const view = await open({ as: bea });
  const { page } = view;
  await page.getByRole("textbox", { name: "Your post" }).fill("Half a thought");
  await page.getByRole("link", { name: "Settings" }).first().click();
  const opener = page.getByRole("button", { name: "Delete account" });
  const dialog = page.getByRole("dialog", { name: "Delete your account?" });
  await opener.click();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await dialog.waitFor({ state: "hidden" });
  await opener.click();
  await dialog.getByRole("button", { name: "Delete for good" }).click();
  await view.says("Your account is gone.");
  await page.waitForURL(`${server.url}/`);
  await page.getByRole("link", { name: "Create an account" }).waitFor();
  await settles(() => page.evaluate(() => document.activeElement?.id), "content");
  await settles(() => view.card("My last words").count(), 0);
  const drafts = () =>
    page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes("draft")));
  await settles(drafts, []);

  view.watch.expect(404, /\/api\/(users|activities)\//);
  await view.goto("/@bea");
  await page.getByRole("heading", { name: "Nobody by that name" }).waitFor();
  view.watch.expect(400, /cognito-idp/);
  await view.goto("/sign-in");
  await page.getByLabel("Email").fill(bea.email);
  await page.getByLabel("Password", { exact: true }).fill(bea.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await view.says("Email or password is wrong.");
});

scenario(
  "everything can be read from the right",
  async ({ open }) => {
    const view = await open({ as: { email: "demo@cruddur.example", password: "Fleeting-2-day" } });
    const { page } = view;
    for (const width of [360, 768, 1280] as const) {
      await view.resize(width, "dark");
      for (const path of ["/", "/@tide_table", "/settings", "/@demo"]) {
        await view.goto(path);
        await page.locator("#content h1").first().waitFor();
        await page.evaluate(() => {
          document.documentElement.dir = "rtl";
        });
        assert.equal(await view.overflows(), false, `${path} at ${width}`);
      }
    }
    // The navigation has changed sides, and a fuse burns from the right.
    const sides = await page.evaluate(() => ({
      nav: document.querySelector("header:has(nav)")?.getBoundingClientRect().left ?? 0,
      content: document.querySelector("#content")?.getBoundingClientRect().left ?? 0,
    }));
    assert(sides.nav > sides.content);
  },
  { SEED: "true" },
);

scenario("who wants less motion gets none", async ({ server, open }) => {
  const bea = await makePerson(server, "bea", "Bea");
  await post(server, bea, "Still water", "1-hour");
  const moving = async (reducedMotion: boolean) => {
    const view = await open({ reducedMotion });
    await view.goto("/");
    await view.card("Still water").waitFor();
    return view.page.evaluate(() => {
      const seconds = (list: string) =>
        Math.max(...list.split(",").map((each) => parseFloat(each)));
      return [...document.querySelectorAll("*")].filter((element) => {
        const style = getComputedStyle(element);
        const { animationName, animationDuration, transitionDuration } = style;
        const animated = animationName !== "none" && seconds(animationDuration) > 0.01;
        return animated || seconds(transitionDuration) > 0.01;
      }).length;
    });
  };
  assert.equal(await moving(true), 0);
  assert((await moving(false)) > 0, "otherwise this test proves nothing");
});
