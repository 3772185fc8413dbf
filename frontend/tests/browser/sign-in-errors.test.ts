import assert from "node:assert/strict";
import type { View } from "./support/browser.ts";
import { scenario } from "./support/scenario.ts";
import { settles } from "./support/settles.ts";
import { pool, refuse } from "./support/user-pool.ts";

const email = "ada@example.com";
const address = encodeURIComponent(email);

/** A form and the call that it makes: its fields by id, in the order in which they are filled in. */
const forms = {
  signIn: {
    path: "/sign-in",
    operation: "InitiateAuth",
    fields: { email, "current-password": "a good long one" },
  },
  signUp: {
    path: "/sign-up",
    operation: "SignUp",
    fields: { name: "Ada", handle: "ada", email, "new-password": "a good long one" },
  },
  confirm: {
    path: `/confirm?email=${address}`,
    operation: "ConfirmSignUp",
    fields: { code: "1234567890" },
  },
  forgot: { path: "/forgot-password", operation: "ForgotPassword", fields: { email } },
  reset: {
    path: `/reset-password?email=${address}`,
    operation: "ConfirmForgotPassword",
    fields: { code: "1234567890", "new-password": "a good long one" },
  },
};

interface Case {
  form: keyof typeof forms;
  type: string;
  message?: string;
  status?: number;
  /** The id of the field beside which it is said; none: above the button. */
  beside?: string;
  words: string;
}

const wait = "Too many tries. Wait a while and try again.";
const wrong = "Email or password is wrong.";
const unreachable = "The server can't be reached. Check your connection and try again.";

const cases: Case[] = [
  { form: "signIn", type: "NotAuthorizedException", beside: "current-password", words: wrong },
  { form: "signIn", type: "UserNotFoundException", beside: "current-password", words: wrong },
  {
    form: "signIn",
    type: "NotAuthorizedException",
    message: "Password attempts exceeded",
    words: wait,
  },
  {
    form: "signIn",
    type: "NotAuthorizedException",
    message: "User is disabled.",
    words: "This account has been closed off. Ask the people who run this server.",
  },
  {
    form: "signIn",
    type: "NotAuthorizedException",
    message: "Invalid session for the user.",
    words: "That took too long. Try once more.",
  },
  {
    form: "signIn",
    type: "NotAuthorizedException",
    message: "The clock of this device is too far from the server's.",
    words: "The clock of this device is wrong. Set it right and try again.",
  },
  { form: "signIn", type: "TooManyRequestsException", status: 429, words: wait },
  {
    form: "signIn",
    type: "InternalErrorException",
    status: 503,
    words: "Something broke on our side. Try again in a moment.",
  },
  { form: "signIn", type: "", status: 0, words: unreachable },
  {
    form: "signIn",
    type: "MadeTomorrowException",
    words: "Something went wrong. Try again.",
  },
  {
    form: "signUp",
    type: "AliasExistsException",
    beside: "handle",
    words: "That handle is taken.",
  },
  {
    form: "signUp",
    type: "UsernameExistsException",
    beside: "email",
    words: "There is an account with this address. Sign in · Forgot your password?",
  },
  {
    form: "signUp",
    type: "InvalidPasswordException",
    beside: "new-password",
    words: "This password is too common, too short or too long. Choose another.",
  },
  {
    form: "signUp",
    type: "InvalidParameterException",
    message: "Attributes did not conform to the schema: name: one line of 1 to 50 characters",
    beside: "name",
    words: "A name is one line of 1 to 50 characters.",
  },
  {
    form: "signUp",
    type: "InvalidParameterException",
    message: "Username should be an email.",
    beside: "email",
    words: "No mail can be sent to this address. Look it over.",
  },
  {
    form: "signUp",
    type: "InvalidParameterException",
    words: "Something in the form is not right. Look it over.",
  },
  { form: "signUp", type: "LimitExceededException", words: wait },
  {
    form: "confirm",
    type: "CodeMismatchException",
    beside: "code",
    words: "That is not the code. Look again, or ask for a new one.",
  },
  {
    form: "confirm",
    type: "ExpiredCodeException",
    beside: "code",
    words: "That code is too old. Ask for a new one.",
  },
  { form: "confirm", type: "TooManyFailedAttemptsException", words: wait },
  {
    form: "confirm",
    type: "NotAuthorizedException",
    words: "That can't be done with this account now. Try to sign in.",
  },
  {
    form: "confirm",
    type: "UserNotFoundException",
    beside: "email",
    words: "There is no account with this address.",
  },
  {
    form: "forgot",
    type: "CodeDeliveryFailureException",
    words: "The mail could not be sent. Try again in a moment.",
  },
  { form: "forgot", type: "LimitExceededException", words: wait },
  { form: "forgot", type: "", status: 0, words: unreachable },
  {
    form: "reset",
    type: "CodeMismatchException",
    beside: "code",
    words: "That is not the code. Look again, or ask for a new one.",
  },
  {
    form: "reset",
    type: "InvalidPasswordException",
    beside: "new-password",
    words: "This password is too common, too short or too long. Choose another.",
  },
];

async function meet(view: View, each: Case): Promise<void> {
  const { page } = view;
  const { path, operation, fields } = forms[each.form];
  const name = `${each.form} ${each.type} ${each.message ?? ""}`;
  await view.goto(path);
  await refuse(view, { ...each, operation });
  for (const [id, text] of Object.entries(fields)) await page.locator(`#${id}`).fill(text);
  if (each.form !== "confirm") await page.locator("form button[type=submit]").click();

  const place = each.beside ? `#${each.beside}-error` : "form > [role=alert]";
  await settles(async () => (await page.locator(place).textContent())?.trim(), each.words);
  const invalid = page.locator("[aria-invalid=true]");
  const marked = () => invalid.evaluateAll((all) => all.map(({ id }) => id));
  await settles(marked, each.beside ? [each.beside] : []);
  const focused = () => page.evaluate(() => document.activeElement?.id);
  await settles(focused, each.beside ?? "");
  for (const [id, text] of Object.entries(fields)) {
    assert.equal(await page.locator(`#${id}`).inputValue(), text, `${name} keeps what was typed`);
  }
}

scenario("every error is said in words, in its place, and what was typed stays", async (stage) => {
  const view = await stage.open();
  view.watch.expect(400, pool);
  view.watch.expect(429, pool);
  view.watch.expect(503, pool);
  view.watch.offline = true;
  for (const each of cases) await meet(view, each);
});

scenario("errors are said in German too", async ({ open }) => {
  const view = await open();
  await view.page.addInitScript(() => localStorage.setItem("cruddur.language", "de"));
  view.watch.expect(400, pool);
  await meet(view, {
    form: "signUp",
    type: "AliasExistsException",
    beside: "handle",
    words: "Dieser Handle ist vergeben.",
  });
});

scenario("the way on for who has an account already", async ({ open }) => {
  const view = await open();
  const { page } = view;
  view.watch.expect(400, pool);
  await view.goto("/sign-up?next=%2F%40ada");
  await refuse(view, { operation: "SignUp", type: "UsernameExistsException" });
  for (const [id, text] of Object.entries(forms.signUp.fields)) {
    await page.locator(`#${id}`).fill(text);
  }
  await page.getByRole("button", { name: "Create account" }).click();
  await page.locator("#email-error").getByRole("link", { name: "Sign in" }).click();
  await page.waitForURL((url) => url.pathname === "/sign-in");
  assert.equal(new URL(page.url()).searchParams.get("next"), "/@ada");
  await settles(() => page.getByLabel("Email").inputValue(), email);
});

scenario("a code that could not be mailed leads to asking for another", async ({ open }) => {
  const view = await open();
  const { page } = view;
  view.watch.expect(400, pool);
  await view.goto("/sign-up");
  await refuse(view, { operation: "SignUp", type: "CodeDeliveryFailureException" });
  for (const [id, text] of Object.entries(forms.signUp.fields)) {
    await page.locator(`#${id}`).fill(text);
  }
  await page.getByRole("button", { name: "Create account" }).click();
  await view.says(/the mail with the code could not be sent/);
  const resend = page.getByRole("button", { name: "Send a new code" });
  await settles(() => resend.isEnabled(), true);
  await refuse(view, { operation: "ResendConfirmationCode", type: "LimitExceededException" });
  await resend.click();
  await view.says(wait);
});

scenario("who has to set a new password first is led to it", async ({ open }) => {
  const view = await open();
  const { page } = view;
  view.watch.expect(400, pool);
  await view.goto("/sign-in");
  await refuse(view, { operation: "InitiateAuth", type: "PasswordResetRequiredException" });
  await view.signIn({ email, password: "a good long one" });
  await view.says(/Your password has to be set anew/);
  await settles(() => page.getByLabel("Email").inputValue(), email);
});
