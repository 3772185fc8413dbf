import assert from "node:assert/strict";
import type { View } from "./support/browser.ts";
import { call, like, makePerson, type Person, type Posted, post, reply } from "./support/people.ts";
import { type Stage, scenario } from "./support/scenario.ts";
import type { Server } from "./support/server.ts";
import { settles } from "./support/settles.ts";
import { until } from "./support/until.ts";

const one = /\/api\/activities\/[^/]+$/;

const status = async (server: Server, person: Person, { uuid }: Posted) =>
  (await call(server, person, "GET", `/api/activities/${uuid}`)).status;

const undo = (view: View) => view.page.getByRole("button", { name: "Undo" });
const remove = (view: View, text: string) =>
  view.card(text).getByRole("button", { name: "Delete" }).click();
const visible = (view: View, text: string) => view.page.getByText(text).isVisible();
const focused = (view: View) =>
  view.page.evaluate(() => document.activeElement?.closest("article")?.textContent ?? "nothing");

async function threePosts({ server, open }: Stage) {
  const bea = await makePerson(server, "bea", "Bea");
  const posts = [];
  for (const text of ["Oldest of all", "In the middle", "Newest of all"]) {
    posts.push(await post(server, bea, text));
  }
  const [oldest, middle, newest] = posts as [Posted, Posted, Posted];
  return { bea, oldest, middle, newest, open: () => open({ as: bea }) };
}

scenario("a deletion is undone as if it had never been", async (stage) => {
  const { bea, middle, open } = await threePosts(stage);
  await like(stage.server, await makePerson(stage.server, "cy"), middle);
  await like(stage.server, bea, middle);
  const view = await open();
  let deletions = 0;
  view.page.on("request", (request) => {
    if (request.method() === "DELETE") deletions += 1;
  });
  const texts = () => view.page.getByRole("article").locator("p[dir=auto]").allTextContents();
  const before = ["Newest of all", "In the middle", "Oldest of all"];
  await settles(texts, before);

  await view.card("In the middle").getByRole("button", { name: "Delete" }).focus();
  await view.page.keyboard.press("Enter");
  await settles(() => visible(view, "In the middle"), false);
  assert.match(await focused(view), /Oldest of all/);
  await view.page.getByRole("status").filter({ hasText: "Deleted." }).waitFor();
  await undo(view).click();
  await settles(() => visible(view, "In the middle"), true);
  await settles(texts, before);
  await view.card("In the middle").getByRole("button", { name: "Like 2", pressed: true }).waitFor();
  await until("the focus on what came back", async () => {
    return (await focused(view)).includes("In the middle");
  });

  // By keyboard too, from wherever one is.
  await view.card("In the middle").getByRole("button", { name: "Delete" }).focus();
  await view.page.keyboard.press("Enter");
  await settles(() => visible(view, "In the middle"), false);
  await view.page.keyboard.press("Control+z");
  await settles(() => visible(view, "In the middle"), true);
  await settles(() => undo(view).count(), 0);
  assert.equal(deletions, 0);
  assert.equal(await status(stage.server, bea, middle), 200);
});

scenario("each deletion has its own time to be undone", async (stage) => {
  const { server } = stage;
  const { bea, oldest, middle, open } = await threePosts(stage);
  const view = await open();
  await remove(view, "Oldest of all");
  await settles(() => visible(view, "Oldest of all"), false);
  await remove(view, "In the middle");
  await settles(() => undo(view).count(), 2);
  assert.equal(await status(server, bea, oldest), 200);
  await view.page.keyboard.press("Control+Z"); // the newest first
  await settles(() => visible(view, "In the middle"), true);
  await settles(() => visible(view, "Oldest of all"), false);
  await until("the first to go", async () => (await status(server, bea, oldest)) === 410, 15_000);
  await settles(() => undo(view).count(), 0);
  assert.equal(await status(server, bea, middle), 200);
  await view.page.reload();
  await view.card("Newest of all").waitFor();
  await settles(() => view.page.getByRole("article").count(), 2);
});

scenario("a page that is left in between deletes what it said it would", async (stage) => {
  const { server } = stage;
  const { bea, middle, newest, open } = await threePosts(stage);
  const view = await open();
  view.watch.allow(410, one); // unless the page that was left still heard the answer, the next one asks once more
  await remove(view, "In the middle");
  await undo(view).waitFor();
  await view.page.goto("about:blank");
  await until("the post to go", async () => (await status(server, bea, middle)) === 410);

  // Nothing leaves the page any more: the next start of the client sees to it.
  await view.goto("/");
  await remove(view, "Newest of all");
  await undo(view).waitFor();
  await view.page.evaluate(() => {
    window.fetch = () => new Promise(() => undefined);
  });
  await view.page.goto("about:blank");
  await view.page.clock.install();
  await view.goto("/");
  await view.page.getByRole("link", { name: "Bea" }).first().waitFor();
  assert.equal(await status(server, bea, newest), 200); // the page that was left might still live
  await view.page.clock.runFor(11_000);
  await until("the post to go", async () => (await status(server, bea, newest)) === 410);
  await settles(() => visible(view, "Newest of all"), false);
  await settles(() => visible(view, "Oldest of all"), true);
});

scenario("a post that the server did not delete comes back, and says why", async (stage) => {
  const { open } = await threePosts(stage);
  const view = await open();
  view.watch.expect(503, one);
  await view.page.route(one, (route) =>
    route.request().method() === "DELETE"
      ? route.fulfill({ status: 503, json: { errors: ["server_busy"] } })
      : route.continue(),
  );
  await remove(view, "In the middle");
  await settles(() => visible(view, "In the middle"), false);
  await view.page.getByRole("button", { name: "Dismiss" }).click();
  await view.says("The post is back. The server is busy. Try again in a moment.");
  await settles(() => visible(view, "In the middle"), true);
});

scenario("signing out does not forget a deletion", async (stage) => {
  const { bea, middle, open } = await threePosts(stage);
  const view = await open();
  await view.page.getByRole("link", { name: "Bea" }).first().click();
  await remove(view, "In the middle");
  await view.page.getByRole("button", { name: "Sign out" }).click();
  await view.says("Signed out.");
  assert.equal(await status(stage.server, bea, middle), 410);
});

scenario(
  "in its thread, a deleted post gives way to what is left of it, and back",
  async (stage) => {
    const { server } = stage;
    const { bea, middle, newest, open } = await threePosts(stage);
    const cy = await makePerson(server, "cy", "Cy");
    const answer = await reply(server, cy, newest, "Heard you");
    await reply(server, bea, answer, "Heard you too");
    const view = await open();
    const heading = (name: string) => view.page.getByRole("heading", { name, level: 1 });

    await view.goto(`/@bea/status/${middle.uuid}`);
    await remove(view, "In the middle");
    await heading("Taken back").waitFor();
    await undo(view).click();
    await view.card("In the middle").waitFor();

    await view.goto(`/@bea/status/${newest.uuid}`);
    await view.card("Heard you too").waitFor();
    await remove(view, "Newest of all");
    await view.says("Deleted. An empty mark stays above the replies.");
    await heading("Taken back by its author.").waitFor();
    await settles(() => visible(view, "Heard you too"), true);
    await view.page.keyboard.press("Control+z");
    await view.card("Newest of all").waitFor();

    // A reply in between leaves a mark, a leaf does not.
    await remove(view, "Heard you too");
    await settles(() => visible(view, "Heard you too"), false);
    await settles(() => view.page.getByText("Taken back by its author.").count(), 0);
    await undo(view).click();
    await settles(() => visible(view, "Heard you too"), true);
  },
);
