import assert from "node:assert/strict";
import type { View } from "./support/browser.ts";
import { call, makePerson, type Person, post, reply } from "./support/people.ts";
import { type Stage, scenario } from "./support/scenario.ts";
import { settles } from "./support/settles.ts";

const postBox = (view: View) => view.page.getByRole("textbox", { name: "Your post" });
const postButton = (view: View) => view.page.getByRole("button", { name: "Post", exact: true });

async function bea(stage: Stage): Promise<{ person: Person; view: View }> {
  const person = await makePerson(stage.server, "bea", "Bea");
  return { person, view: await stage.open({ as: person }) };
}

/** Deletes the post that says `text` and closes the toast, which is as good as waiting. */
async function deleteForGood(view: View, text: string): Promise<void> {
  await view.card(text).getByRole("button", { name: "Delete" }).click();
  const toast = view.page.getByRole("status").locator("p", { hasText: /^Deleted\./ });
  const answered = view.page.waitForResponse(
    (response) => response.request().method() === "DELETE",
  );
  await toast.getByRole("button", { name: "Dismiss" }).click();
  assert.equal((await answered).status(), 204);
}

scenario("an own post can be taken back in the feed and in its thread", async (stage) => {
  const { person, view } = await bea(stage);
  await post(stage.server, person, "First to go");
  await post(stage.server, person, "Second to go");
  await post(stage.server, await makePerson(stage.server, "cy"), "Not hers");
  await view.goto("/");
  const others = view.card("Not hers");
  await others.waitFor();
  await settles(() => others.getByRole("button", { name: "Delete" }).count(), 0);

  await deleteForGood(view, "First to go");
  await view.card("First to go").waitFor({ state: "detached" });

  await view.card("Second to go").getByText("Second to go").click();
  await view.page.waitForURL(/status/);
  const link = view.page.url();
  await deleteForGood(view, "Second to go");
  await view.page.getByRole("heading", { name: "Taken back" }).waitFor();
  await view.page.getByRole("button", { name: "Back" }).click();
  await others.waitFor();
  await settles(() => view.card("Second to go").count(), 0);
  view.watch.expect(410, /\/api\/activities\//);
  await view.page.goto(link);
  await view.page.getByRole("heading", { name: "Taken back" }).waitFor();
});

scenario("an answered post leaves an empty mark above its replies", async (stage) => {
  const { person, view } = await bea(stage);
  const cy = await makePerson(stage.server, "cy", "Cy");
  const root = await post(stage.server, person, "The secret at the root");
  const answer = await reply(stage.server, cy, root, "I heard that");
  await reply(stage.server, person, answer, "You did not");
  await view.goto(`/@bea/status/${root.uuid}`);
  await view.says("You did not");
  await deleteForGood(view, "The secret at the root");
  for (const reloaded of [false, true]) {
    if (reloaded) await view.page.reload();
    await view.page.getByRole("heading", { name: "Taken back by its author." }).waitFor();
    await view.card("I heard that").waitFor();
    await view.card("You did not").waitFor();
    assert.doesNotMatch(await view.page.content(), /The secret at the root/);
  }
  // It has left the lists, and what answers it can still be answered.
  await view.goto("/");
  await view.page.getByText("Quiet in here").waitFor();
  await view.goto(`/@cy/status/${answer.uuid}`);
  await view.says("Taken back by its author.");
  await view.page.getByRole("textbox", { name: "Your reply" }).fill("It still goes on");
  await view.page.keyboard.press("Control+Enter");
  await view.card("It still goes on").waitFor();
  // A leaf goes without a trace.
  await deleteForGood(view, "It still goes on");
  await view.card("It still goes on").waitFor({ state: "detached" });
});

scenario("drafts outlive a reload, each in its place", async (stage) => {
  const { person, view } = await bea(stage);
  const root = await post(stage.server, person, "Answer me");
  const replyBox = view.page.getByRole("textbox", { name: "Your reply" });
  await postBox(view).fill("A post that is not finished");
  await view.goto(`/@bea/status/${root.uuid}`);
  await replyBox.fill("A reply that is not finished");
  await view.page.reload();
  await settles(() => replyBox.inputValue(), "A reply that is not finished");
  await view.goto("/");
  await settles(() => postBox(view).inputValue(), "A post that is not finished");
  await postBox(view).press("Control+Enter");
  await view.card("A post that is not finished").waitFor();
  await view.page.reload();
  await settles(() => postBox(view).inputValue(), "");
});

scenario("sending in haste posts once", async (stage) => {
  const { person, view } = await bea(stage);
  await postBox(view).fill("Only once");
  await view.page.evaluate(() => {
    const form = document.querySelector("form");
    form?.requestSubmit();
    form?.requestSubmit();
  });
  await view.card("Only once").waitFor();
  await view.page.reload();
  await view.card("Only once").waitFor();
  await settles(() => view.card("Only once").count(), 1);
  assert.equal(person.handle, "bea");
});

// Texts that are easily counted in another way than the server does.
const clusters = {
  "plain letters": "a",
  "decomposed letters": "e\u0301",
  families: "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}\u200d\u{1f466}",
  flags: "\u{1f1e9}\u{1f1ea}",
  "skin tones": "\u{1f44d}\u{1f3fd}",
  keycaps: "1\ufe0f\u20e3",
  "Hangul jamo": "\u1112\u1161\u11ab",
  "Devanagari conjuncts": "\u0915\u094d\u0937\u093f",
  "Tamil syllables": "\u0ba8\u0bbf",
  "Thai with marks": "\u0e01\u0e33",
};

const trimmed = [
  "\ufeff",
  "\u0085",
  "\u00a0",
  "\u2028",
  "\u3000",
  "\v",
  "\t",
  "\n",
  "\r\n",
  "\u1680",
];
// Not trimmed; alone, some are blank. The last two are emoji of Unicode 16 and 17.
const kept = ["\u180e", "\u200b", "\u2800", "\u200e", "\u3164", "\ue000", "\u{1fae9}", "\u{1fac8}"];

/** What the composer holds of a text: whether it may be sent. */
async function mayBeSent(view: View, text: string): Promise<boolean> {
  await postBox(view).fill(text);
  return postButton(view).isEnabled();
}

async function sameVerdict(view: View, person: Person, stage: Stage, name: string, text: string) {
  const client = await mayBeSent(view, text);
  const body = { message: text, ttl: "1-hour" };
  const { status } = await call(stage.server, person, "POST", "/api/activities", body);
  assert.equal(status === 201, client, `${name}: the server says ${status}`);
  return client;
}

scenario("the counter and the server agree on how long a text is", async (stage) => {
  const { person, view } = await bea(stage);
  for (const [name, cluster] of Object.entries(clusters)) {
    const full = cluster.repeat(280);
    assert.equal(await sameVerdict(view, person, stage, `280 ${name}`, full), true, name);
    await view.says("280 of 280 characters used");
    const over = cluster.repeat(281);
    assert.equal(await sameVerdict(view, person, stage, `281 ${name}`, over), false, name);
    await view.says("1 character too many");
  }
  const lines = "a\r\n".repeat(140);
  assert.equal(await sameVerdict(view, person, stage, "CR LF", `${lines}b`), false);
  assert.equal(await sameVerdict(view, person, stage, "CR LF", lines), true);
});

scenario("the composer and the server trim the same white space", async (stage) => {
  const { person, view } = await bea(stage);
  for (const space of trimmed) {
    const name = `U+${space.codePointAt(0)?.toString(16)}`;
    const text = space + "b".repeat(280) + space;
    assert.equal(await sameVerdict(view, person, stage, `${name} around`, text), true, name);
    assert.equal(await sameVerdict(view, person, stage, `only ${name}`, space), false, name);
  }
  for (const character of kept) {
    const name = `U+${character.codePointAt(0)?.toString(16)}`;
    await sameVerdict(view, person, stage, `${name} around`, `${character}b${character}`);
    await sameVerdict(view, person, stage, `only ${name}`, character);
  }
});

scenario("a text that is too long is not sent", async (stage) => {
  const { view } = await bea(stage);
  let sent = 0;
  view.page.on("request", (request) => {
    if (request.method() === "POST" && request.url().endsWith("/api/activities")) sent += 1;
  });
  await postBox(view).fill("x".repeat(281));
  await postBox(view).press("Control+Enter");
  await settles(() => postButton(view).isDisabled(), true);
  await settles(() => postBox(view).getAttribute("aria-invalid"), "true");
  await postBox(view).fill(`${"x".repeat(280)}\n`);
  await postBox(view).press("Control+Enter");
  await view.card("xxx").waitFor();
  assert.equal(sent, 1);
});

scenario(
  "characters that can't be shown are left out, not held against the writer",
  async (stage) => {
    const { view } = await bea(stage);
    await postBox(view).fill("one\u0007 two\u0000\vthree\ud800");
    await postBox(view).press("Control+Enter");
    const text = view.card("one two").locator("p[dir=auto]");
    await text.waitFor();
    await settles(() => text.textContent(), "one two\nthree\ufffd");
  },
);
