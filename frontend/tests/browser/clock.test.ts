import assert from "node:assert/strict";
import type { View } from "./support/browser.ts";
import { makePerson, post, reply } from "./support/people.ts";
import { scenario } from "./support/scenario.ts";
import { until } from "./support/until.ts";

const tenMinutes = 600_000; // ms

/** Seconds left by the post's label: "59:07" or "1h 00m". */
async function secondsShown(view: View, text: string): Promise<number> {
  const label = await view.card(text).locator(".life-label bdi[aria-hidden]").textContent();
  const [, minutes = "60", seconds = "0"] = /^(\d+):(\d\d)$/.exec(label ?? "") ?? [];
  return Number(minutes) * 60 + Number(seconds);
}

for (const [name, offset] of [
  ["ahead", tenMinutes],
  ["behind", -tenMinutes],
] as const) {
  scenario(`a clock ten minutes ${name} still counts down right`, async ({ server, open }) => {
    const bea = await makePerson(server, "bea", "Bea");
    const made = await post(server, bea, "Burns by the server's clock", "1-hour");
    const expiry = Date.parse(made.expires_at);
    const view = await open({ width: 360 });
    await view.page.clock.install({ time: (await server.now()) + offset });
    await view.goto("/");
    const card = view.card("Burns by the server's clock");
    await card.waitFor();
    await until("the right time on the label", async () => {
      const left = (expiry - (await server.now())) / 1000;
      return Math.abs((await secondsShown(view, "Burns by")) - left) < 3;
    });

    // Signing in works with that clock, and writing does.
    await view.signIn(bea);
    await view.page.getByRole("textbox", { name: "Your post" }).fill("Written off time");
    await view.page.keyboard.press("Control+Enter");
    await view.card("Written off time").waitFor();

    const visitor = await open({ width: 360 });
    await reply(server, bea, made, "Goes with its root");
    await server.moveTo(expiry, 8);
    await visitor.page.clock.install({ time: (await server.now()) + offset });
    await visitor.goto(`/@bea/status/${made.uuid}`);
    await visitor.card("Goes with its root").waitFor();
    await visitor.page.getByRole("heading", { name: "Its time was up" }).waitFor();
    const now = await server.now();
    assert(now >= expiry && now < expiry + 5_000, `${now - expiry} ms after its end`);
    assert.doesNotMatch(
      (await visitor.page.locator("main").textContent()) ?? "",
      /Goes with its root/,
    );
  });
}

for (const [name, offset] of [
  ["three days ahead", 72 * 3600_000],
  ["three hours behind", -3 * 3600_000],
] as const) {
  scenario(`a clock ${name} still signs in, on the page that was opened first`, async (site) => {
    const bea = await makePerson(site.server, "bea", "Bea");
    const view = await site.open({ width: 360 });
    await view.page.clock.install({ time: (await site.server.now()) + offset });
    await view.signIn(bea);
    await view.page.getByRole("textbox", { name: "Your post" }).waitFor();
  });
}
