import assert from "node:assert/strict";
import type { View } from "./support/browser.ts";
import { Gate } from "./support/gate.ts";
import { call, makePerson, type Person, type Posted, post, reply } from "./support/people.ts";
import { scenario } from "./support/scenario.ts";
import type { Server } from "./support/server.ts";
import { settles } from "./support/settles.ts";
import { until } from "./support/until.ts";

const home = /\/api\/activities\/home/;

async function write(server: Server, author: Person, count: number): Promise<Posted[]> {
  const posts = [];
  for (let number = 1; number <= count; number += 1) {
    posts.push(await post(server, author, `Number ${number} of ${count}.`));
  }
  return posts;
}

/** Where the card is painted: read after a frame, as what has grown or shrunk is made up for within it. */
const top = (view: View, text: string) =>
  view.card(text).evaluate(async (card) => {
    await new Promise(requestAnimationFrame);
    await new Promise((resolve) => setTimeout(resolve));
    return Math.round(card.getBoundingClientRect().y);
  });

/** Where a post is once it no longer moves: in the same place for a quarter of a second. */
async function rest(view: View, text: string): Promise<number> {
  let place = await top(view, text);
  let seen = performance.now();
  await until(`${text} to rest`, async () => {
    const now = await top(view, text);
    if (now !== place) {
      place = now;
      seen = performance.now();
    }
    return performance.now() - seen > 250;
  });
  return place;
}

scenario("the pill leads to the first new post and leaves the focus alone", async (stage) => {
  const { server, open } = stage;
  const bea = await makePerson(server, "bea");
  await write(server, bea, 12);
  const view = await open({ width: 360 });
  const { page } = view;
  await view.goto("/");
  await view.card("Number 12 of 12.").waitFor();
  // A link that will be right where the pill comes up.
  const link = view.card("Number 6 of 12.").getByRole("link", { name: "bea", exact: true });
  await link.focus();
  await link.evaluate((element) => {
    const { left, right, top: y } = element.getBoundingClientRect();
    element.style.paddingInline = `${Math.max(0, 200 - (right - left))}px`;
    window.scrollBy({ top: y - 75, behavior: "instant" });
  });
  await post(server, bea, "Fresh from the press");
  await view.comeToFront();
  const pill = page.getByRole("button", { name: "Show 1 new post" });
  await pill.waitFor();
  await until("the pill to step aside", async () => {
    const above = await link.boundingBox();
    const below = await pill.boundingBox();
    return above && below && below.y >= above.y + above.height;
  });
  await pill.focus();
  await page.keyboard.press("Enter");
  await view.card("Fresh from the press").waitFor();
  await settles(() => page.evaluate(() => window.scrollY), 0);
  await until("the focus on the new post", () =>
    page.evaluate(() => document.activeElement?.textContent?.includes("Fresh from the press")),
  );
});

for (const [name, byHand] of [
  ["by the browser", false],
  ["by hand", true],
] as const) {
  scenario(`what goes above the reader moves nothing, held ${name}`, async ({ server, open }) => {
    const bea = await makePerson(server, "bea");
    const posts = await write(server, bea, 12);
    await server.advance(10); // a post that is new to the server is not taken for gone
    const view = await open({ width: 360 });
    if (byHand) {
      await view.page.addInitScript(() => {
        const { supports } = CSS;
        CSS.supports = (...query: string[]) =>
          query[0] !== "overflow-anchor" && supports.apply(CSS, query as [string]);
      });
    }
    await view.goto("/");
    await view.card("Number 12 of 12.").waitFor();
    if (byHand) {
      await view.page.evaluate(() => {
        document.documentElement.style.setProperty("overflow-anchor", "none");
      });
    }
    await view.card("Number 5 of 12.").evaluate((card) => card.scrollIntoView({ block: "start" }));
    const before = await rest(view, "Number 4 of 12.");
    const height = () => view.page.evaluate(() => document.documentElement.scrollHeight);
    const tall = await height();
    for (const gone of posts.slice(8, 11)) {
      await call(server, bea, "DELETE", `/api/activities/${gone.uuid}`);
    }
    await view.comeToFront();
    await view.card("Number 10 of 12.").waitFor({ state: "detached" });
    await until("the list to close ranks", async () => (await height()) < tall - 300);
    const moved = async () => Math.abs((await top(view, "Number 4 of 12.")) - before) > 2;
    await settles(moved, false);
  });
}

scenario("a page that fails keeps what is there and is asked for again", async (stage) => {
  const { server, open } = stage;
  await write(server, await makePerson(server, "bea"), 30);
  const view = await open();
  view.watch.expect(422, /cursor=/);
  await view.page.route(/cursor=/, (route) =>
    route.fulfill({ status: 422, json: { errors: ["cursor_invalid"] } }),
  );
  await view.goto("/");
  await view.card("Number 30 of 30.").waitFor();
  // It may be gone by then: what is near the end of the list asks for more by itself.
  await view.page.mouse.wheel(0, 20_000);
  const alert = view.page.getByRole("alert").filter({ hasText: "This list has moved on" });
  await alert.waitFor();
  await settles(() => view.page.getByRole("article").count(), 20);
  await view.page.unroute(/cursor=/);
  await alert.getByRole("button", { name: "Try again" }).click();
  await settles(() => view.page.getByRole("article").count(), 30);
  await view.says("That is all that is alive right now.");
});

scenario("a slow network shows the shape of what comes, and is asked once", async (stage) => {
  const { server, open } = stage;
  await write(server, await makePerson(server, "bea"), 30);
  const view = await open({ width: 360 });
  const atTheEnd = () =>
    view.page.evaluate(() => {
      const { scrollHeight, clientHeight } = document.documentElement;
      return window.scrollY >= scrollHeight - clientHeight - 1;
    });
  const asked: string[] = [];
  const gates = [new Gate(), new Gate()] as const;
  await view.page.route(home, async (route) => {
    asked.push(new URL(route.request().url()).searchParams.get("cursor") ?? "first");
    await gates[asked.length - 1]?.pass();
    await route.continue();
  });
  await view.goto("/");
  const skeleton = view.page.getByRole("status").filter({ hasText: "Loading posts" });
  await skeleton.waitFor();
  const shape = await skeleton.locator("[aria-hidden]").first().boundingBox();
  gates[0].open();
  const card = view.card("Number 30 of 30.");
  await card.waitFor();
  const real = await card.boundingBox();
  assert(Math.abs((shape?.height ?? 0) - (real?.height ?? 0)) <= 28, "within a line of text");
  assert(Math.abs((shape?.y ?? 0) - (real?.y ?? 0)) <= 1);
  await view.page.mouse.wheel(0, 20_000);
  await gates[1].arrived;
  for (const distance of [-20_000, 20_000]) {
    await view.page.mouse.wheel(0, distance);
    await settles(atTheEnd, distance > 0);
  }
  gates[1].open();
  await settles(() => view.page.getByRole("article").count(), 30);
  assert.equal(asked.length, 2);
  assert.equal(new Set(asked).size, 2);
});

scenario("a feed is read post by post with the keys of a feed", async ({ server, open }) => {
  await write(server, await makePerson(server, "bea"), 5);
  const view = await open();
  const { page } = view;
  await view.goto("/");
  await view.card("Number 5 of 5.").focus();
  const here = () =>
    page.evaluate(() => /Number \d/.exec(document.activeElement?.textContent ?? "")?.[0]);
  await page.keyboard.press("PageDown");
  assert.equal(await here(), "Number 4");
  await page.keyboard.press("Tab");
  await page.keyboard.press("PageDown");
  assert.equal(await here(), "Number 3");
  await page.keyboard.press("PageUp");
  assert.equal(await here(), "Number 4");
  const card = view.card("Number 4 of 5.");
  await settles(() => card.getAttribute("aria-posinset"), "2");
  await settles(() => card.getAttribute("aria-setsize"), "5");
  for (const action of ["like", "reply", "open"]) {
    await settles(() => card.locator(`[data-action="${action}"]`).count(), 1);
  }
  await page.keyboard.press("Control+Home");
  assert.equal(await page.evaluate(() => document.activeElement?.closest("[role=feed]")), null);
});

scenario("replies come in while one reads, and nothing jumps", async ({ server, open }) => {
  const bea = await makePerson(server, "bea", "Bea");
  const root = await post(server, bea, "Ask me anything");
  const first = await reply(server, bea, root, "First question");
  for (let number = 2; number <= 8; number += 1) {
    await reply(server, bea, root, `Question ${number}`);
  }
  const view = await open({ width: 360 });
  await view.goto(`/@bea/status/${root.uuid}`);
  const read = view.card("Question 6");
  await read.evaluate((card) => card.scrollIntoView({ block: "start" }));
  const before = await top(view, "Question 6");
  await reply(server, bea, first, "A late answer, far above");
  await reply(server, bea, root, "A late question, below");
  await view.comeToFront();
  await view.card("A late question, below").waitFor();
  await view.card("A late answer, far above").waitFor();
  assert(Math.abs((await top(view, "Question 6")) - before) <= 2, "it has moved");
});

scenario("a deep conversation can be read on a small screen", async ({ server, open }) => {
  const bea = await makePerson(server, "bea", "Bea");
  const root = await post(server, bea, "The root of it all");
  let last = root;
  for (let level = 1; level <= 7; level += 1) {
    last = await reply(server, bea, last, `Said on level ${level} of this conversation`);
  }
  const view = await open({ width: 360 });
  await view.goto(`/@bea/status/${root.uuid}`);
  const deepest = view.card("Said on level 4");
  await deepest.waitFor();
  assert(((await deepest.locator("p[dir=auto]").boundingBox())?.width ?? 0) > 190, "room to read");
  assert.equal(await view.overflows(), false);
  await view.page.getByRole("link", { name: "Continue this thread" }).click();
  await view.card("Said on level 7").waitFor();

  // A deep link shows what it is about, not the top of what that answers.
  await view.goto(`/@bea/status/${last.uuid}`);
  const asked = view.card("Said on level 7");
  await asked.waitFor();
  await settles(async () => ((await asked.boundingBox())?.y ?? 999) < 200, true);
});
