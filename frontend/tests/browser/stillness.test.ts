// Nothing that is being read moves by itself: not for a font, an answer, or more posts below.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { observe, read } from "../figures/vitals.ts";
import type { View } from "./support/browser.ts";
import { Gate } from "./support/gate.ts";
import { makePerson, post, reply } from "./support/people.ts";
import { scenario } from "./support/scenario.ts";
import { until } from "./support/until.ts";

const late = 400; // ms

/** Has fonts and answers come one after the other, and notes what moves. */
async function slowly(view: View): Promise<void> {
  await observe(view.context);
  const wait = async (route: { continue(): Promise<void> }) => {
    await sleep(late);
    await route.continue();
  };
  await view.page.route(/\.woff2$/, wait);
  await view.page.route("**/api/profile/me", wait);
  await view.page.route("**/api/activities/**", wait);
}

scenario("who has just signed in sees the feed with the composer above it", async (stage) => {
  const bea = await makePerson(stage.server, "bea", "Bea");
  await post(stage.server, bea, "Where it stays");
  const view = await stage.open({ serviceWorker: false });
  const { page } = view;
  // The composer's code comes with the dialogs' or before them: here with neither.
  const gate = await Gate.at(page, /\/assets\/(overlays|post-composer)-/);
  await page.goto(`${view.origin}/sign-in`);
  await page.evaluate(() => {
    const together = () => document.querySelector("#content textarea") !== null;
    new MutationObserver(() => {
      if (document.querySelector("#content article") && !together()) {
        document.documentElement.dataset.alone = "";
      }
    }).observe(document.body, { childList: true, subtree: true });
  });
  await view.signIn(bea);
  await page.getByRole("status").filter({ hasText: "Loading posts" }).waitFor();
  gate.open();
  await view.card("Where it stays").waitFor();
  assert.equal(await page.locator("html").getAttribute("data-alone"), null);
});

scenario("nothing moves by itself while a member reads", async ({ server, open }) => {
  const bea = await makePerson(server, "bea", "Bea");
  const first = await post(server, bea, "The first of many");
  await reply(server, bea, first, "A reply to it");
  for (let number = 1; number <= 40; number += 1) {
    await post(server, bea, `Number ${number}. ${"As long as it gets. ".repeat(number % 7)}`);
  }
  for (const width of [360, 1280] as const) {
    const view = await open({ width, as: bea, serviceWorker: false });
    const { page } = view;
    await slowly(view);
    await view.goto("/");
    await view.says("Number 40.");
    await until("the whole feed", async () => {
      await page.mouse.wheel(0, 800);
      return (await page.getByText("That is all that is alive right now.").count()) === 1;
    });
    const { shifts } = await read(page);
    for (const path of ["/@bea", `/@bea/status/${first.uuid}`]) {
      await view.goto(path);
      await page.getByRole("article").first().waitFor();
      shifts.push(...(await read(page)).shifts);
    }
    assert.deepEqual(shifts, [], `at ${width} px`);
  }
});

scenario("a countdown that gets longer takes no place from the name beside it", async (stage) => {
  const bea = await makePerson(stage.server, "bea", "Bea of the long and winding name");
  await post(stage.server, bea, "Almost a day");
  const view = await stage.open({ width: 360, serviceWorker: false });
  const { page } = view;
  await observe(view.context);
  await page.route("**/api/activities/home*", async (route) => {
    const response = await route.fetch();
    const answer = await response.json();
    const soon = Number(response.headers()["x-server-time"]) + 86_400_000 + 3_000;
    for (const each of answer.data) each.expires_at = new Date(soon).toISOString();
    await route.fulfill({ response, json: answer });
  });
  await view.goto("/");
  const card = view.card("Almost a day");
  const places = () =>
    card.evaluate((node) =>
      [...node.querySelectorAll("a, time, p")].map((each) => {
        const { left, right } = each.getBoundingClientRect();
        return [left, right];
      }),
    );
  await card.getByText("1d", { exact: true }).waitFor();
  const before = await places();
  await card.getByText("23h 59m", { exact: true }).waitFor();
  assert.deepEqual(await places(), before);
  assert.deepEqual((await read(page)).shifts, []);
});
