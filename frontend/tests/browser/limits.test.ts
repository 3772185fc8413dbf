// What people see of the limits on writing.
import assert from "node:assert/strict";
import { makePerson, post } from "./support/people.ts";
import { scenario } from "./support/scenario.ts";
import { settles } from "./support/settles.ts";

scenario(
  "a post too many keeps its text, counts down, and is sent when there is room again",
  async ({ server, open }) => {
    const bea = await makePerson(server, "bea", "Bea");
    await post(server, bea, "The only one in this minute");
    const view = await open({ as: bea, width: 360 });
    view.watch.expect(429, /\/api\/activities/);
    const box = view.page.locator("#content").getByRole("textbox", { name: "Your post" });
    const alert = view.page.locator("#content").getByRole("alert");
    await box.fill("One too many");
    await box.press("Control+Enter");
    await alert
      .getByText(/Try again in (1 minute|\d+ seconds)\.$/)
      .first()
      .waitFor();
    const wait = async () => (await alert.locator("[aria-hidden]").textContent()) ?? "";
    const first = await wait();
    await settles(async () => (await wait()) !== first, true);
    assert.equal(await box.inputValue(), "One too many");
    assert.equal(await view.card("One too many").count(), 0);

    await server.advance(60);
    await box.press("Control+Enter");
    await view.card("One too many").waitFor();
    await settles(() => box.inputValue(), "");
    await settles(() => alert.count(), 0);
  },
  { WRITE_LIMITS: "posts:1/min" },
);

scenario(
  "a like and a deletion too many go back, and say when to come again",
  async ({ server, open }) => {
    const bea = await makePerson(server, "bea", "Bea");
    await post(server, bea, "Older");
    await post(server, bea, "Newer");
    const view = await open({ as: bea });
    view.watch.expect(429, /\/api\/activities/);
    const { page } = view;
    const says = (text: RegExp) => page.getByRole("status").filter({ hasText: text }).waitFor();
    // The page shows a write at once, and two on their way may overtake one another: the second waits for the first's answer.
    const answered = (method: string) =>
      page.waitForResponse((response) => response.request().method() === method);

    const liked = answered("PUT");
    await view.card("Older").getByRole("button", { name: "Like" }).click();
    await liked;
    await view.card("Older").getByRole("button", { name: "Like 1", pressed: true }).waitFor();
    await view.card("Newer").getByRole("button", { name: "Like" }).click();
    await says(/Try again in (1 minute|\d+ seconds)\./);
    await view.card("Newer").getByRole("button", { name: "Like", pressed: false }).waitFor();
    await view.card("Older").getByRole("button", { name: "Like 1" }).click();
    await view.card("Older").getByRole("button", { name: "Like 1", pressed: true }).waitFor();

    for (const text of ["Older", "Newer"]) {
      const deleted = answered("DELETE");
      await view.card(text).getByRole("button", { name: "Delete" }).click();
      await view.card(text).waitFor({ state: "hidden" });
      await page.getByRole("button", { name: "Dismiss" }).last().click();
      await deleted;
    }
    await says(/The post is back\. You're going fast\./);
    await view.card("Newer").waitFor();
    assert.equal(await view.card("Older").count(), 0);
  },
  { WRITE_LIMITS: "likes:1/min;deletions:1/min" },
);
