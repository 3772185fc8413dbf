import assert from "node:assert/strict";
import type { View } from "./support/browser.ts";
import { mailedCode, makePerson, post } from "./support/people.ts";
import { scenario } from "./support/scenario.ts";
import { settles } from "./support/settles.ts";
import { pool } from "./support/user-pool.ts";

interface SignUpForm {
  name: string;
  handle: string;
  email: string;
  password: string;
}

async function signUp(view: View, form: SignUpForm): Promise<void> {
  const { page } = view;
  await page.getByLabel("Name", { exact: true }).fill(form.name);
  await page.getByLabel("Handle").fill(form.handle);
  await page.getByLabel("Email").fill(form.email);
  await page.getByLabel("Password", { exact: true }).fill(form.password);
  await page.getByRole("button", { name: "Create account" }).click();
}

scenario("what is wrong with a sign-up is said beside its field", async ({ server, open }) => {
  await makePerson(server, "taken");
  const view = await open();
  const { page } = view;
  await view.goto("/sign-up");
  const form = {
    name: "Nell",
    handle: "taken",
    email: "nell@example.com",
    password: "a good long one",
  };

  view.watch.expect(400, pool);
  await signUp(view, form);
  await view.says("That handle is taken.");
  await settles(() => page.getByLabel("Handle").getAttribute("aria-invalid"), "true");
  await settles(() => page.getByLabel("Email").inputValue(), form.email);

  await signUp(view, { ...form, handle: "nell", email: "taken@example.com" });
  await view.says(/There is an account with this address/);

  // Too short: the browser itself says so, and nothing is sent.
  await signUp(view, { ...form, handle: "nell", password: "short" });
  assert.equal(
    await page
      .getByLabel("Password", { exact: true })
      .evaluate((input: HTMLInputElement) => input.validity.tooShort),
    true,
  );
  assert.equal(new URL(page.url()).pathname, "/sign-up");
});

scenario("a wrong code is refused in words, and a new one lets in", async ({ server, open }) => {
  const view = await open();
  const { page } = view;
  const email = "nell@example.com";
  await view.goto("/sign-up");
  await signUp(view, { name: "Nell", handle: "nell", email, password: "a good long one" });
  await view.says(/We sent a code/);
  const code = await mailedCode(server, email);
  view.watch.expect(400, pool);
  await page.getByLabel("Code").fill(code === "0000000000" ? "1111111111" : "0000000000");
  await view.says("That is not the code. Look again, or ask for a new one.");
  await page.clock.setSystemTime(Date.now() + 31_000);
  await page.getByRole("button", { name: "Send a new code" }).click();
  await view.says("A new code is on its way.");
  await page.getByLabel("Code").fill(await mailedCode(server, email, 2));
  await page.getByRole("textbox", { name: "Your post" }).waitFor();
});

scenario("who has not confirmed yet is led to it by signing in", async ({ server, open }) => {
  const email = "nell@example.com";
  const view = await open();
  await view.goto("/sign-up");
  await signUp(view, { name: "Nell", handle: "nell", email, password: "a good long one" });
  await view.says(/We sent a code/);
  await view.goto("/sign-in");
  view.watch.expect(400, pool);
  await view.signIn({ email, password: "a good long one" });
  assert.equal(new URL(view.page.url()).pathname, "/confirm");
  await view.page.getByLabel("Code").fill(await mailedCode(server, email));
  await view.page.getByRole("textbox", { name: "Your post" }).waitFor();
});

scenario("who comes back later to confirm signs in by hand", async ({ server, open }) => {
  const email = "nell@example.com";
  const view = await open();
  const { page } = view;
  await view.goto("/sign-up");
  await signUp(view, { name: "Nell", handle: "nell", email, password: "a good long one" });
  await view.says(/We sent a code/);
  await page.reload();
  const code = await mailedCode(server, email);
  await page.getByLabel("Code").fill(code);
  await view.says("Confirmed. You can sign in now.");
  await settles(() => page.getByLabel("Email").inputValue(), email);

  // The same once more, as when an answer was lost: that is no error.
  view.watch.expect(400, pool);
  await view.goto(`/confirm?email=${encodeURIComponent(email)}`);
  await page.getByLabel("Code").fill(code);
  await view.says("Confirmed. You can sign in now.");
});

scenario("a forgotten password is set anew by a mailed code", async ({ server, open }) => {
  const bea = await makePerson(server, "bea");
  const view = await open();
  const { page } = view;
  await view.goto("/sign-in");
  view.watch.expect(400, pool);
  await page.getByLabel("Email").fill(bea.email);
  await page.getByLabel("Password", { exact: true }).fill("not her password");
  await page.locator("#content").getByRole("button", { name: "Sign in" }).click();
  await view.says("Email or password is wrong.");
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  await page.getByLabel("Email").fill(bea.email);
  await page.getByRole("button", { name: "Send code" }).click();
  await page.getByLabel("Code").fill(await mailedCode(server, bea.email, 2));
  await page.getByLabel("New password", { exact: true }).fill("a newer, better one");
  await page.getByRole("button", { name: "Set password" }).click();
  await view.says("Your password is changed. Sign in with it.");
  await view.signIn({ email: bea.email, password: "a newer, better one" });
  await page.getByRole("textbox", { name: "Your post" }).waitFor();
});

scenario(
  "signing in leads back to where one came from, and out again",
  async ({ server, open }) => {
    const bea = await makePerson(server, "bea", "Bea");
    const written = await post(server, bea, "Come back to me");
    const view = await open();
    const { page } = view;
    const path = `/@bea/status/${written.uuid}`;
    await view.goto(path);
    await view.card("Come back to me").getByRole("button", { name: "Like" }).click();
    const dialog = page.getByRole("dialog", { name: "Sign in to take part" });
    await dialog.getByRole("link", { name: "Sign in" }).click();
    await view.signIn(bea);
    assert.equal(new URL(page.url()).pathname, path);
    await page.getByRole("textbox", { name: "Your reply" }).waitFor();

    // An address of another site is never followed.
    await page.getByRole("link", { name: "Profile" }).first().click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await view.says("Signed out.");
    assert.deepEqual(
      await page.evaluate(() =>
        Object.keys(localStorage).filter((key) => key.includes("CognitoIdentity")),
      ),
      [],
    );
    await page.reload();
    await page.getByRole("link", { name: "Sign in" }).first().waitFor();
    await view.goto("/sign-in?next=//evil.example/");
    await view.signIn(bea);
    assert.equal(page.url(), `${server.url}/`);
  },
);

scenario("a session outlives its access token unnoticed", async ({ server, open }) => {
  const bea = await makePerson(server, "bea");
  const view = await open({ as: bea });
  const { page } = view;
  const box = page.getByRole("textbox", { name: "Your post" });
  await box.fill("Before and after");
  await server.advance(61 * 60);
  view.watch.expect(401, /\/api\/activities$/);
  await page.keyboard.press("Control+Enter");
  await view.card("Before and after").waitFor();
  await page.reload();
  await box.waitFor();
  await view.card("Before and after").waitFor();
});

scenario("a session that is over asks to sign in and keeps what was typed", async (stage) => {
  const { server, open } = stage;
  const bea = await makePerson(server, "bea");
  const view = await open({ as: bea });
  const { page } = view;
  const box = page.getByRole("textbox", { name: "Your post" });
  await box.fill("Half a thought");
  await server.advance(31 * 24 * 3600);
  view.watch.expect(401, /\/api\//);
  view.watch.expect(400, pool);
  await page.keyboard.press("Control+Enter");
  const dialog = page.getByRole("dialog", { name: "Sign in to take part" });
  // The month has passed here too.
  await page.clock.setSystemTime(await server.now());
  await dialog.getByRole("link", { name: "Sign in" }).click();
  await view.signIn(bea);
  await settles(() => box.inputValue(), "Half a thought");
  await page.getByRole("button", { name: "Post", exact: true }).click();
  await view.card("Half a thought").waitFor();
});

scenario("the client works at 127.0.0.1 as it does at localhost", async ({ server, open }) => {
  const bea = await makePerson(server, "bea");
  await post(server, bea, "Reached by number");
  const origin = server.url.replace("localhost", "127.0.0.1");
  const view = await open({ origin });
  await view.signIn(bea);
  await view.card("Reached by number").getByRole("button", { name: "Like" }).click();
  await view.page.getByRole("textbox", { name: "Your post" }).fill("Written by number");
  await view.page.keyboard.press("Control+Enter");
  await view.card("Written by number").waitFor();
  await view.page.reload();
  await view.card("Reached by number").getByRole("button", { name: "Like 1" }).waitFor();
});
