// Installed on a home screen: the manifest, a start without a network, and a new version when one is there.
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { elsewhere } from "./support/elsewhere.ts";
import { makePerson, post } from "./support/people.ts";
import { scenario } from "./support/scenario.ts";
import { settles } from "./support/settles.ts";
import { anotherBuild } from "./support/site.ts";

interface Manifest {
  name: string;
  start_url: string;
  scope: string;
  display: string;
  icons: { src: string; sizes: string; type: string; purpose?: string }[];
}

/** Resolves once a service worker is installed. */
const installed = (page: Page) =>
  page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });

const isControlled = (page: Page) =>
  page.evaluate(() => navigator.serviceWorker.controller !== null);

/** The paths of all that is kept, by cache. */
const kept = (page: Page) =>
  page.evaluate(async () => {
    const names = (await caches.keys()).sort();
    const all = await Promise.all(
      names.map(async (name) => {
        const requests = await (await caches.open(name)).keys();
        return [name, requests.map(({ url }) => new URL(url).pathname)] as const;
      }),
    );
    return Object.fromEntries(all);
  });

scenario("the manifest makes it installable", async ({ server, open }) => {
  const answer = await fetch(`${server.url}/manifest.webmanifest`);
  assert.equal(answer.headers.get("content-type"), "application/manifest+json");
  const manifest = (await answer.json()) as Manifest;
  assert.equal(manifest.name, "Cruddur");
  assert.deepEqual(
    [manifest.start_url, manifest.scope, manifest.display],
    ["/", "/", "standalone"],
  );
  const purposes = manifest.icons.map(({ sizes, purpose }) => `${sizes} ${purpose ?? "any"}`);
  for (const needed of ["192x192 any", "512x512 any", "512x512 maskable"]) {
    assert(purposes.includes(needed), needed);
  }

  const view = await open();
  const { page } = view;
  await view.goto("/");
  const link = page.locator('link[rel="manifest"]');
  assert.equal(await link.getAttribute("href"), "/manifest.webmanifest");
  const sizeOf = (src: string) =>
    page.evaluate(async (path) => {
      const image = new Image();
      image.src = path;
      await image.decode();
      return `${image.naturalWidth}x${image.naturalHeight}`;
    }, src);
  for (const { src, sizes, type } of manifest.icons.filter((icon) => icon.sizes !== "any")) {
    assert.equal(await sizeOf(src), sizes, src);
    assert.equal((await fetch(server.url + src)).headers.get("content-type"), type);
  }
  const apple = page.locator('link[rel="apple-touch-icon"]');
  assert.equal(await sizeOf((await apple.getAttribute("href")) ?? ""), "180x180");

  for (const scheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    const [canvas, bar] = await page.evaluate((which) => {
      const { backgroundColor } = getComputedStyle(document.documentElement);
      const meta = document.querySelector(`meta[name="theme-color"][media*="${which}"]`);
      const probe = document.body.appendChild(document.createElement("i"));
      probe.style.color = meta?.getAttribute("content") ?? "";
      return [backgroundColor, getComputedStyle(probe).color];
    }, scheme);
    assert.equal(bar, canvas, scheme);
  }
});

scenario("what is not named after its content is checked each time", async ({ server }) => {
  const types = {
    "/": "text/html; charset=utf-8",
    "/sw.js": "text/javascript; charset=utf-8",
    "/manifest.webmanifest": "application/manifest+json",
  };
  for (const [path, type] of Object.entries(types)) {
    const { headers } = await fetch(server.url + path, { headers: { accept: "text/html,*/*" } });
    assert.equal(headers.get("cache-control"), "no-cache", path);
    assert.equal(headers.get("content-type"), type, path);
  }
});

scenario("without a network the client starts and says what is wrong", async (stage) => {
  const { server, open } = stage;
  const bea = await makePerson(server, "bea", "Bea");
  await post(server, bea, "Written on land");
  const view = await open({ as: bea });
  const { page, watch } = view;
  await view.card("Written on land").waitFor();
  await installed(page);
  await page.reload();
  await view.card("Written on land").waitFor();
  assert(await isControlled(page), "from the second load on the shell is the worker's");

  const caches = await kept(page);
  const [settings, shell] = Object.keys(caches).sort();
  assert.equal(settings, "cruddur-settings");
  assert.match(shell ?? "", /^cruddur-shell-[0-9a-f]{16}$/);
  assert.deepEqual(caches[settings], ["/config.json"]);
  for (const path of caches[shell ?? ""] ?? []) {
    assert.match(path, /^\/($|assets\/|theme\.js$|icon\.svg$|manifest\.webmanifest$)/);
  }

  watch.offline = true;
  await view.context.setOffline(true);
  for (const path of ["/", "/@bea"]) {
    await page.goto(view.origin + path);
    await page.getByRole("alert").filter({ hasText: "The server can't be reached" }).waitFor();
  }
  await view.context.setOffline(false);
  await page.getByRole("button", { name: "Try again" }).click();
  await view.card("Written on land").waitFor();
  watch.offline = false;
  assert.deepEqual(await kept(page), caches, "no answer of the API is ever kept");
});

scenario(
  "a new version waits until it is asked for, and loads every tab once",
  async ({ open }) => {
    await using place = await elsewhere();
    const { server, site } = place;
    using next = anotherBuild("feedfacefeedface");
    const bea = await makePerson(server, "bea", "Bea");
    const view = await open({ as: bea, origin: site.url });
    const { page } = view;
    await view.says("Quiet in here");
    await installed(page);
    await page.reload();
    await view.says("Quiet in here");
    await page.getByRole("textbox", { name: "Your post" }).fill("Half a thought");
    const other = await view.context.newPage();
    await other.goto(`${site.url}/@bea`);
    await other.getByRole("heading", { name: "Bea" }).waitFor();
    const loads = [0, 0];
    for (const [tab, each] of [page, other].entries()) {
      each.on("load", () => {
        loads[tab] = (loads[tab] ?? 0) + 1;
      });
    }

    site.deploy(next.folder);
    await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
    for (const each of [page, other]) await each.getByText("A new version is ready.").waitFor();
    const old = Object.keys(await kept(page)).length;
    assert.equal(old, 3, "the old build and the new, and the settings");
    assert.deepEqual(loads, [0, 0], "nothing happens unasked");

    await page.bringToFront();
    await page.getByRole("button", { name: "Reload" }).click();
    const build = (each: Page) => each.locator('meta[name="build"]').getAttribute("content");
    for (const each of [page, other]) await settles(() => build(each), "feedfacefeedface");
    await settles(
      () => page.getByRole("textbox", { name: "Your post" }).inputValue(),
      "Half a thought",
    );
    await other.getByRole("heading", { name: "Bea" }).waitFor();
    await settles(
      async () => Object.keys(await kept(page)),
      ["cruddur-settings", "cruddur-shell-feedfacefeedface"],
    );
    // Who asks once more finds nothing newer, and loads no page again.
    await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
    assert.deepEqual(loads, [1, 1]);
    await settles(() => page.getByText("A new version is ready.").count(), 0);
  },
);

scenario("the sign that is painted first is where the shell has it", async ({ open }) => {
  for (const width of [360, 768, 1280] as const) {
    const view = await open({ width, serviceWorker: false });
    const { page } = view;
    const box = async () => {
      const { x, y } =
        (await page.locator('svg[viewBox="0 0 32 32"]:visible').first().boundingBox()) ?? {};
      return [Math.round(x ?? -1), Math.round(y ?? -1)];
    };
    await page.route("**/config.json", () => undefined); // never answered: the shell does not come
    await page.goto(view.origin);
    await page.locator(".first-light svg").waitFor();
    const first = await box();
    await page.unrouteAll({ behavior: "ignoreErrors" });
    await view.goto("/");
    await settles(box, first);
    await page.context().close();
  }
});
