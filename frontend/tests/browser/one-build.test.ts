// The client is built once. Where it runs, it learns from /config.json: here on a site of its own, its server on another origin.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { elsewhere } from "./support/elsewhere.ts";
import { makePerson, post } from "./support/people.ts";
import { scenario } from "./support/scenario.ts";
import { settles } from "./support/settles.ts";
import { dist } from "./support/site.ts";

test("the built files name no machine", () => {
  const files = readdirSync(dist, { recursive: true, encoding: "utf8" });
  const texts = files.filter((name) => /\.(html|js|css|json|webmanifest|svg)$/.test(name));
  assert(texts.length > 10);
  const named = texts.filter((name) =>
    /localhost(?!["'`])|127\.0\.0\.1|\b(3000|4567)\b/.test(readFileSync(join(dist, name), "utf8")),
  );
  assert.deepEqual(named, []);
});

scenario("the same build works on an origin of its own", async ({ open }) => {
  await using place = await elsewhere();
  const { server, site } = place;
  const bea = await makePerson(server, "bea", "Bea");
  const root = await post(server, bea, "From the other side");
  const view = await open({ as: bea, origin: site.url });
  const { page } = view;
  assert.equal(new URL(page.url()).origin, site.url);

  const card = view.card("From the other side");
  await card.getByRole("button", { name: "Like" }).click();
  await card.getByRole("button", { name: "Like 1" }).waitFor();
  const box = page.getByRole("textbox", { name: "Your post" });
  await box.fill("And back again");
  await box.press("Control+Enter");
  await view.card("And back again").waitFor();

  await page.reload();
  await view.card("And back again").waitFor();
  await card.getByRole("button", { name: "Like 1" }).waitFor();
  await page.goto(`${site.url}/@bea/status/${root.uuid}`);
  await view.says("No replies yet.");

  // The countdown goes by the server's clock, which CORS lets the page read.
  await server.advance(1_900);
  await page.goto(site.url);
  const left = card.locator("time[data-age]");
  await settles(async () => (await left.textContent())?.slice(0, 5), "23h 2");
  await page.close(); // before its server ends: it would say that it can't be reached
});
