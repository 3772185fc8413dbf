import { makePerson, post } from "./support/people.ts";
import { type Stage, scenario } from "./support/scenario.ts";
import { settles } from "./support/settles.ts";

async function twoTabs({ server, open }: Stage) {
  const bea = await makePerson(server, "bea", "Bea");
  await post(server, bea, "Stays for now");
  await post(server, bea, "Seen in both");
  await server.advance(10); // a post that is new to the server is not taken for gone
  const first = await open({ as: bea });
  const second = await open({ beside: first });
  await second.goto("/");
  for (const view of [first, second]) await view.card("Seen in both").waitFor();
  return { first, second };
}

scenario("a like in one tab is seen in the other when one comes to it", async (stage) => {
  const { first, second } = await twoTabs(stage);
  await first.page.bringToFront();
  const liked = first.page.waitForResponse(/\/like$/);
  await first.card("Seen in both").getByRole("button", { name: "Like" }).click();
  await liked;
  await second.comeToFront();
  await second
    .card("Seen in both")
    .getByRole("button", { name: "Like 1", pressed: true })
    .waitFor();
});

scenario("what is deleted or written in one tab reaches the other", async (stage) => {
  const { first, second } = await twoTabs(stage);
  await first.page.bringToFront();
  await first.card("Seen in both").getByRole("button", { name: "Delete" }).click();
  const gone = first.page.waitForResponse((response) => response.request().method() === "DELETE");
  await first.page.getByRole("button", { name: "Dismiss" }).click();
  await gone;
  await first.page.getByRole("textbox", { name: "Your post" }).fill("Written in the first");
  await first.page.keyboard.press("Control+Enter");
  await first.card("Written in the first").waitFor();
  await second.comeToFront();
  await second.card("Seen in both").waitFor({ state: "detached" });
  await second.page.getByRole("button", { name: "Show 1 new post" }).click();
  await second.card("Written in the first").waitFor();
});

scenario("signing out in one tab does so in the other", async (stage) => {
  const { first, second } = await twoTabs(stage);
  await first.page.bringToFront();
  await first.page.getByRole("link", { name: "Profile" }).first().click();
  await first.page.getByRole("button", { name: "Sign out" }).click();
  await first.says("Signed out.");
  await second.page.bringToFront();
  await second.page.getByRole("link", { name: "Create an account" }).waitFor();
  await settles(() => second.page.getByRole("textbox", { name: "Your post" }).count(), 0);
  await settles(() => second.page.getByRole("button", { name: "Delete" }).count(), 0);
});
