import assert from "node:assert/strict";
import type { View } from "./support/browser.ts";
import { makePerson, post, reply } from "./support/people.ts";
import { scenario } from "./support/scenario.ts";
import { settles } from "./support/settles.ts";

const hostile = {
  markup:
    '<script>window.broken=1</script><img src=x onerror="window.broken=1"><svg/onload=window.broken=1><b>not bold</b>',
  // The server takes no more than these: directions closed in their line, ten marks, 32 in one character.
  "an override of direction":
    "\u202e\u2066txt.exe\u2069 \u202dand\u202c \u2067closed\u2069\u202c #tag https://example.com/\u202egpj\u202c",
  "many combining marks": `H${`e${"\u0301".repeat(10)}`.repeat(40)}${"e\u0489\u0316\u0347".repeat(60)}`,
  "zero-width joiners": `${`\u{1f469}${"\u200d".repeat(28)}\u{1f469}`.repeat(20)} here`,
  "a very long word": "W".repeat(280),
  "a very long link": `https://example.com/${"a".repeat(255)}?`,
  "links that run scripts":
    "javascript:window.broken=1 JAVASCRIPT://example.com/%0awindow.broken=1 data:text/html,<script> vbscript:x",
  "a link with markup":
    'https://example.com/"onmouseover="window.broken=1 https://example.com/<script>',
  "nothing but lines": `top${"\n".repeat(270)}bottom`,
  "long mentions and tags": `@${"a".repeat(60)} #${"b".repeat(200)}`,
};

async function assertHarmless(view: View, where: string): Promise<void> {
  const found = await view.page.evaluate(() => ({
    broken: "broken" in window,
    injected: document.querySelectorAll("main :is(script, img, iframe, b, [onload], [onerror])")
      .length,
    links: [...document.querySelectorAll<HTMLAnchorElement>("article p a")]
      .filter((link) => link.origin !== location.origin)
      .map(({ protocol, rel, target }) => ({ protocol, rel, target })),
  }));
  assert.equal(found.broken, false, `${where}: a script ran`);
  assert.equal(found.injected, 0, `${where}: markup came alive`);
  for (const { protocol, rel, target } of found.links) {
    assert.match(protocol, /^https?:$/);
    assert.deepEqual(rel.split(" ").sort(), ["nofollow", "noopener", "ugc"]);
    assert.equal(target, "_blank");
  }
  assert.equal(await view.overflows(), false, `${where}: the page scrolls sideways`);
}

scenario("hostile posts change nothing in the page", async ({ server, open }) => {
  const name = `\u200f${"N\u0301\u0302".repeat(20)}WWWWWWWWWWWWWWWWWWWW`;
  const mallory = await makePerson(server, "mallory_with_the_longest_name", name);
  const view = await open({ width: 360 });
  view.page.on("dialog", () => assert.fail("a dialog opened"));
  const posts = [];
  for (const [what, text] of Object.entries(hostile)) {
    const made = await post(server, mallory, text);
    await reply(server, mallory, made, text);
    posts.push({ what, made });
  }
  await view.goto("/");
  await view.says("not bold");
  await assertHarmless(view, "feed");
  await view.goto(`/@${mallory.handle}`);
  await view.says("not bold");
  await assertHarmless(view, "profile");
  for (const { what, made } of posts) {
    await view.goto(`/@${mallory.handle}/status/${made.uuid}`);
    await view.page.getByRole("listitem").first().waitFor();
    await assertHarmless(view, what);
  }
  await settles(() => view.page.getByRole("dialog").count(), 0);
});

scenario("a hostile name stays in its place in title, aside and thread", async (stage) => {
  const { server, open } = stage;
  const name = `\u200f${"Z\u0335\u0489".repeat(12)}<b>WWWWWWWWWWWWWWWWWWWW`;
  const mallory = await makePerson(server, "mallory", name);
  const root = await post(server, mallory, hostile["an override of direction"]);
  let last = root;
  for (const text of [hostile["a very long word"], hostile["many combining marks"]]) {
    last = await reply(server, mallory, last, text);
  }
  for (const width of [360, 1280] as const) {
    const view = await open({ width });
    await view.goto("/");
    await view.page.getByRole("article").first().waitFor();
    assert.deepEqual(await outsiders(view), []);
    await view.goto(`/@mallory/status/${root.uuid}`);
    await view.card("WWWWWWWW").first().waitFor();
    assert.deepEqual(await outsiders(view), []);
    // A mark that only says which way it reads itself may stay.
    await settles(() => view.page.title(), `Post by ${name} · Cruddur`);
    assert.doesNotMatch(await view.page.title(), /[\u202a-\u202e\u2066-\u2069]/);
    await assertHarmless(view, `thread at ${width}`);
  }
});

/** What in a post or in the aside reaches out of it sideways. */
const outsiders = (view: View) =>
  view.page.locator("article, aside section").evaluateAll((boxes) =>
    boxes.flatMap((box) => {
      const { left, right } = box.getBoundingClientRect();
      return [...box.querySelectorAll("p, a, time, button, h1, span:not(.sr-only)")]
        .filter((part) => !part.closest(".sr-only, .truncate > *"))
        .map((part) => ({ part: part.outerHTML.slice(0, 80), at: part.getBoundingClientRect() }))
        .filter(({ at }) => at.width > 1 && (at.left < left - 1 || at.right > right + 1))
        .map(({ part }) => part);
    }),
  );

scenario("a hostile post paints nothing outside its own card", async ({ server, open }) => {
  const cy = await makePerson(server, "cy", "Cy");
  await post(server, cy, "The one below");
  await post(server, cy, hostile["many combining marks"]);
  await post(server, cy, "The one above");
  const view = await open({ width: 360, reducedMotion: true });
  await view.goto("/");
  await view.says("The one below");
  // Counting down goes on while we look, so it is left out.
  await view.page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(".life-label, .fuse, time { visibility: hidden }");
    document.adoptedStyleSheets.push(sheet);
    window.scrollTo(0, document.body.scrollHeight);
  });
  const picture = async () => [
    await view.card("The one above").screenshot(),
    await view.card("The one below").screenshot(),
  ];
  const withMarks = await picture();
  await view.page
    .getByRole("article")
    .nth(1)
    .locator("p[dir=auto]")
    .evaluate((text) => {
      text.style.visibility = "hidden";
    });
  assert.deepEqual(await picture(), withMarks);
});

scenario("a post of nothing but lines does not take the whole feed", async ({ server, open }) => {
  const cy = await makePerson(server, "cy");
  const made = await post(server, cy, hostile["nothing but lines"]);
  const view = await open({ width: 360 });
  await view.goto("/");
  const height = async () => (await view.card("top").boundingBox())?.height ?? 0;
  await view.says("top");
  assert((await height()) < 740, `${await height()} px high`);
  await view.goto(`/@cy/status/${made.uuid}`);
  await view.says("top");
  assert((await height()) > 2_000, "its own page shows all of it");
});
