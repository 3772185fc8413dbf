import assert from "node:assert/strict";
import type { View } from "./support/browser.ts";
import { mailedCode, mailsTo, makePerson } from "./support/people.ts";
import { scenario } from "./support/scenario.ts";
import { settles } from "./support/settles.ts";
import { until } from "./support/until.ts";
import { counting, pool } from "./support/user-pool.ts";

const email = "nell@example.com";
const password = "a good long one";

/** Fills in the sign-up form, coming to it if need be. */
async function signUp(view: View): Promise<void> {
  const { page } = view;
  if (new URL(page.url()).pathname !== "/sign-up") await view.goto("/sign-up");
  await page.getByLabel("Name", { exact: true }).fill("Nell");
  await page.getByLabel("Handle").fill("nell");
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Create account" }).click();
  await view.says(/We sent a code/);
}

const composer = ({ page }: View) => page.getByRole("textbox", { name: "Your post" });
const path = ({ page }: View) => {
  const { pathname, search, hash } = new URL(page.url());
  return pathname + search + hash;
};

interface Input {
  id: string;
  autocomplete: string | null;
}

scenario("password managers find on every form what they know", async ({ open }) => {
  const view = await open();
  const inputs = async (address: string): Promise<Input[]> => {
    await view.goto(address);
    const form = view.page.locator("form");
    await form.waitFor();
    return form
      .locator("input:visible")
      .evaluateAll((all) =>
        all.map((input) => ({ id: input.id, autocomplete: input.getAttribute("autocomplete") })),
      );
  };
  const username = { id: "email", autocomplete: "username" };
  const code = { id: "code", autocomplete: "one-time-code" };
  const newPassword = { id: "new-password", autocomplete: "new-password" };
  assert.deepEqual(await inputs("/sign-in"), [
    username,
    { id: "current-password", autocomplete: "current-password" },
  ]);
  assert.deepEqual(await inputs("/sign-up"), [
    { id: "name", autocomplete: "name" },
    { id: "handle", autocomplete: "nickname" },
    username,
    newPassword,
  ]);
  assert.deepEqual(await inputs(`/confirm?email=${email}`), [username, code]);
  assert.deepEqual(await inputs("/forgot-password"), [username]);
  assert.deepEqual(await inputs(`/reset-password?email=${email}`), [username, code, newPassword]);
  await settles(() => view.page.locator("#email").inputValue(), email);
});

scenario("a code sends itself, once, however it is written", async ({ server, open }) => {
  const view = await open();
  const { page } = view;
  await signUp(view);
  const code = await mailedCode(server, email);
  const field = page.getByLabel("Code");
  const confirmations = counting(view, "ConfirmSignUp");

  view.watch.expect(400, pool);
  await field.pressSequentially(code === "0000000000" ? "1111111111" : "0000000000");
  await view.says("That is not the code. Look again, or ask for a new one.");
  assert.equal(confirmations(), 1);
  const selected = () =>
    field.evaluate(
      (input: HTMLInputElement) => input.selectionStart === 0 && input.selectionEnd === 10,
    );
  await settles(selected, true);

  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const written = `${code.slice(0, 5)}-${code.slice(5)} `;
  await page.evaluate((text) => navigator.clipboard.writeText(text), written);
  await field.press("Control+V");
  await field.press("Enter").catch(() => undefined); // the page may be gone by then
  await composer(view).waitFor();
  assert.equal(confirmations(), 2);
});

scenario(
  "another code can be asked for after a pause that a reload does not end",
  async (stage) => {
    const { server, open } = stage;
    const view = await open();
    const { page } = view;
    const resend = page.getByRole("button", { name: "Send a new code" });
    const waits = () => resend.getAttribute("aria-disabled");
    await signUp(view);
    await settles(waits, "true");
    await resend.getByText(/^in \d+ s$/).waitFor();
    await page
      .getByText("You can ask for a new code in 30 seconds.")
      .waitFor({ state: "attached" });
    await page.reload();
    await settles(waits, "true");
    await resend.click({ force: true });

    await page.clock.setSystemTime(Date.now() + 31_000);
    await settles(waits, "false");
    await page.getByText("You can ask for a new code now.").waitFor({ state: "attached" });
    await resend.focus();
    await page.keyboard.press("Enter");
    await view.says("A new code is on its way.");
    await settles(waits, "true");
    await settles(() => resend.evaluate((button) => button === document.activeElement), true);
    await mailedCode(server, email, 2);
    assert.equal((await mailsTo(server, email)).length, 2, "none was sent before its time");

    // The same for a forgotten password.
    const bea = await makePerson(server, "bea");
    await view.goto("/forgot-password");
    await page.getByLabel("Email").fill(bea.email);
    await page.getByRole("button", { name: "Send code" }).click();
    await view.says("Set a new password");
    await settles(waits, "true");
  },
);

scenario(
  "a password can be seen while it is typed, and is hidden when it is sent",
  async (stage) => {
    const view = await stage.open();
    const { page } = view;
    await view.goto("/sign-in");
    const field = page.getByLabel("Password", { exact: true });
    const type = () => field.getAttribute("type");
    await page.getByLabel("Email").fill(email);
    await field.fill("half right");
    await field.evaluate((input: HTMLInputElement) => input.setSelectionRange(4, 4));
    await page.getByRole("button", { name: "Show password" }).click();
    await settles(type, "text");
    await page.keyboard.type("!"); // the focus and the caret have stayed
    await settles(() => field.inputValue(), "half! right");

    view.watch.expect(400, pool);
    await page.keyboard.press("Enter");
    await settles(type, "password");
    await view.says("Email or password is wrong.");
    await settles(() => field.inputValue(), "half! right");
  },
);

scenario("a new password is judged in bars and words", async ({ open }) => {
  const view = await open();
  const { page } = view;
  await view.goto("/sign-up");
  await page.getByLabel("Handle").fill("lovelace");
  const field = page.getByLabel("Password", { exact: true });
  const hint = page.locator("#new-password-hint");
  const bars = page.locator("[data-strength]");
  const said = page.locator("[aria-live=polite]");
  for (const [typed, strength, words] of [
    ["k8#v", "short", "Still too short: at least 8 characters."],
    ["Passw0rd1", "weak", "Easy to guess. It is among the first that anyone would try."],
    ["lovelace1", "weak", "Easy to guess. It holds your name or your address."],
    ["kettle moss", "fair", "Fair. A few more characters would help."],
    ["kettle, moss & a lamp", "strong", "Strong."],
  ] as const) {
    await field.fill(typed);
    await settles(() => hint.textContent(), words);
    await settles(() => bars.getAttribute("data-strength"), strength);
    await settles(() => said.textContent(), words);
  }
  await field.fill("");
  await settles(() => hint.textContent(), "At least 8 characters.");
});

scenario("the first empty field has the focus where there is room for it", async ({ open }) => {
  const focused = ({ page }: View) => page.evaluate(() => document.activeElement?.id);
  const wide = await open();
  await wide.goto("/sign-in");
  await settles(() => focused(wide), "email");
  await wide.goto(`/sign-in?email=${email}`);
  await settles(() => focused(wide), "current-password");
  await wide.goto(`/confirm?email=${email}`);
  await settles(() => focused(wide), "code");
  const narrow = await open({ width: 360 });
  await narrow.goto("/sign-in");
  await narrow.page.getByLabel("Email").waitFor();
  assert.equal(await focused(narrow), "");
});

scenario("every way in leads back to where one came from", async ({ server, open }) => {
  const bea = await makePerson(server, "bea");
  const to = "/@bea?from=here#posts";
  const next = encodeURIComponent(to);
  const view = await open();
  const { page } = view;

  await view.goto(`/sign-in?next=${next}`);
  await page.locator("#content").getByRole("link", { name: "Create an account" }).click();
  await page.getByRole("heading", { name: "Join Cruddur" }).waitFor();
  await signUp(view);
  await page.getByLabel("Code").fill(await mailedCode(server, email));
  await settles(async () => path(view), to);

  // Who is in already is led on at once, and never to another site.
  await view.goto(`/sign-in?next=${next}`);
  await settles(async () => path(view), to);
  await view.goto("/sign-up");
  await settles(async () => path(view), "/");
  await view.goto("/sign-in?next=/.//evil.example/");
  await settles(async () => page.url(), `${server.url}/`);

  const other = await open();
  await other.goto(`/sign-in?next=${next}`);
  await other.page.getByRole("link", { name: "Forgot your password?" }).click();
  await other.page.getByLabel("Email").fill(bea.email);
  await other.page.getByRole("button", { name: "Send code" }).click();
  await other.page.getByLabel("Code").fill(await mailedCode(server, bea.email, 2));
  await other.page.getByLabel("New password", { exact: true }).fill("a newer, better one");
  await other.page.getByRole("button", { name: "Set password" }).click();
  await other.says("Your password is changed. Sign in with it.");
  await other.signIn({ ...bea, password: "a newer, better one" });
  await settles(async () => path(other), to);
});

scenario("signing in here brings in the other tab's sign-in page too", async ({ server, open }) => {
  const bea = await makePerson(server, "bea");
  const view = await open();
  await view.goto("/sign-in");
  const tab = await view.context.newPage();
  await tab.goto(`${server.url}/sign-in?next=/@bea`);
  await tab.getByRole("heading", { name: "Welcome back" }).waitFor();
  await view.signIn(bea);
  await tab.waitForURL((url) => url.pathname === "/@bea");
});

scenario("nobody finds another's draft after a sign-out", async ({ server, open }) => {
  const bea = await makePerson(server, "bea");
  const cal = await makePerson(server, "cal");
  const view = await open({ as: bea });
  const { page } = view;
  const drafts = () =>
    page.evaluate(
      () => Object.keys(localStorage).filter((key) => key.startsWith("cruddur.draft")).length,
    );
  await composer(view).fill("Between me and me");
  await until("the draft to be kept", async () => (await drafts()) > 0);
  await page.getByRole("link", { name: "Profile" }).first().click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await view.says("Signed out.");
  await settles(drafts, 0);
  await view.signIn(cal);
  await composer(view).waitFor();
  await settles(() => composer(view).inputValue(), "");
});

scenario("somebody else who signs in after a session ran out finds no draft", async (stage) => {
  const { server, open } = stage;
  const bea = await makePerson(server, "bea");
  const cal = await makePerson(server, "cal");
  const view = await open({ as: bea });
  const { page } = view;
  await composer(view).fill("Between me and me");
  await server.advance(31 * 24 * 3600);
  await page.clock.setSystemTime(await server.now());
  view.watch.expect(400, pool);
  await page.reload();
  await page.getByRole("link", { name: "Sign in" }).first().waitFor();
  await view.signIn(cal);
  await composer(view).waitFor();
  await settles(() => composer(view).inputValue(), "");
});

scenario("a session that was left over gives way to a new sign-in", async ({ server, open }) => {
  const bea = await makePerson(server, "bea");
  const cal = await makePerson(server, "cal");
  const view = await open({ as: bea });
  const { page } = view;
  await composer(view).waitFor();
  await page.evaluate(() => localStorage.removeItem("cruddur.signed-in"));
  await view.goto("/sign-in");
  await view.signIn(cal);
  await page.getByRole("link", { name: "Profile" }).first().click();
  await settles(async () => path(view), "/@cal");
});

scenario("the longer German words fit into a narrow window", async ({ open }) => {
  const view = await open({ width: 360 });
  const { page } = view;
  await page.addInitScript(() => localStorage.setItem("cruddur.language", "de"));
  for (const address of ["/sign-in", "/sign-up", `/confirm?email=${email}`, "/forgot-password"]) {
    await view.goto(address);
    await page.locator("form").waitFor();
    assert.equal(await view.overflows(), false, address);
  }
});
