import assert from "node:assert/strict";
import type { Route } from "playwright-core";
import type { View } from "./support/browser.ts";
import { like, makePerson, post, signOutEverywhere } from "./support/people.ts";
import { type Stage, scenario } from "./support/scenario.ts";
import { settles } from "./support/settles.ts";

const likes = /\/api\/activities\/[^/]+\/like$/;
const home = /\/api\/activities\/home/;

async function beasSoup({ server, open }: Stage) {
  const bea = await makePerson(server, "bea", "Bea");
  const soup = await post(server, bea, "Soup is on");
  const view = await open({ as: bea });
  await view.card("Soup is on").waitFor();
  return { bea, soup, view };
}

const heart = (view: View) => view.card("Soup is on").getByRole("button", { name: /^Like/ });
const shown = async (view: View) => ({
  pressed: await heart(view).getAttribute("aria-pressed"),
  text: ((await heart(view).textContent()) ?? "").trim(),
});

/** Keeps likes from reaching the server until the function it gives is called. */
async function holdLikes(view: View): Promise<() => Promise<void>> {
  const held: Route[] = [];
  let open = false;
  await view.page.route(likes, (route) => (open ? route.continue() : void held.push(route)));
  return async () => {
    open = true;
    await Promise.all(held.map((route) => route.continue()));
  };
}

/** Notes every change of the heart from now on. */
async function watchHeart(view: View): Promise<() => Promise<(string | null)[]>> {
  const changes = await heart(view).evaluateHandle((button) => {
    const seen: (string | null)[] = [];
    new MutationObserver(() => seen.push(button.getAttribute("aria-pressed"))).observe(button, {
      attributeFilter: ["aria-pressed"],
    });
    return seen;
  });
  return () => changes.jsonValue();
}

/** Makes the page ask for news, and waits until it has them. */
async function refresh(view: View): Promise<void> {
  const answered = view.page.waitForResponse(home);
  await view.comeToFront();
  await (await answered).finished();
}

scenario("an answer with the old state does not take a like off the screen", async (stage) => {
  const { soup, view } = await beasSoup(stage);
  const release = await holdLikes(view);
  const changes = await watchHeart(view);
  await heart(view).click();
  await settles(() => shown(view), { pressed: "true", text: "Like 1" });

  // Somebody else likes it meanwhile: their like is counted, one's own stays on top.
  await like(stage.server, await makePerson(stage.server, "cy"), soup);
  await refresh(view);
  await settles(() => shown(view), { pressed: "true", text: "Like 2" });
  await release();
  await refresh(view);
  await settles(() => shown(view), { pressed: "true", text: "Like 2" });
  assert.deepEqual(await changes(), ["true"]);
});

scenario("a like that is on its way is seen in the thread as in the feed", async (stage) => {
  const { view } = await beasSoup(stage);
  const release = await holdLikes(view);
  await heart(view).click();
  await view.page.getByText("Soup is on").click();
  await view.says("No replies yet.");
  await settles(() => shown(view), { pressed: "true", text: "Like 1" });
  const answered = view.page.waitForResponse(likes);
  await release();
  assert.equal((await answered).status(), 200);
  await view.page.getByRole("button", { name: "Back" }).click();
  await view.page.getByRole("feed").waitFor();
  await settles(() => shown(view), { pressed: "true", text: "Like 1" });
  await view.page.reload();
  await settles(() => shown(view), { pressed: "true", text: "Like 1" });
});

scenario("a like that fails is taken back, and nothing else with it", async (stage) => {
  const { soup, view } = await beasSoup(stage);
  await like(stage.server, await makePerson(stage.server, "cy"), soup);
  view.watch.expect(503, likes);
  const held: Route[] = [];
  await view.page.route(likes, (route) => void held.push(route));
  await heart(view).click();
  await refresh(view);
  await settles(() => shown(view), { pressed: "true", text: "Like 2" });
  await held[0]?.fulfill({ status: 503, json: { errors: ["server_busy"] } });
  await view.says("The server is busy. Try again in a moment.");
  await settles(() => shown(view), { pressed: "false", text: "Like 1" });
});

scenario("fast taps cost two requests at most and end as the last one wished", async (stage) => {
  const { view } = await beasSoup(stage);
  const release = await holdLikes(view);
  const sent: string[] = [];
  view.page.on("request", (request) => {
    if (likes.test(request.url())) sent.push(request.method());
  });
  for (let tap = 0; tap < 6; tap += 1) await heart(view).click();
  const over = view.page.waitForResponse((response) => response.request().method() === "DELETE");
  await release();
  await over;
  await settles(() => shown(view), { pressed: "false", text: "Like" });
  assert.deepEqual(sent, ["PUT", "DELETE"]);
});

scenario("a session that ends under a like asks to sign in and takes it back", async (stage) => {
  const { bea, view } = await beasSoup(stage);
  view.watch.expect(401, likes);
  view.watch.expect(400, /\/cognito-idp\/$/);
  await signOutEverywhere(stage.server, bea);
  await heart(view).click();
  await view.page.getByRole("dialog", { name: "Sign in to take part" }).waitFor();
  await settles(() => shown(view), { pressed: "false", text: "Like" });
});
