// Every page of the client, in each of its states, over a seeded server.
import type { Page } from "playwright-core";
import { type Theme, themes, type View, type ViewOptions, type Width, widths } from "./browser.ts";
import type { Server } from "./server.ts";

/** Whom the seed lets in. */
const demo = { email: "demo@cruddur.example", password: "Fleeting-2-day", handle: "demo" };

interface Seeded {
  uuid: string;
  author: { handle: string };
  replies_count: number;
  expires_at: string;
}

/** The seeded posts that pages are about. */
interface Places {
  own: string;
  thread: string;
  /** Has a few minutes to live. */
  ending: string;
}

async function findPlaces(server: Server): Promise<Places> {
  const response = await fetch(`${server.url}/api/activities/home?limit=100`);
  const { data } = (await response.json()) as { data: Seeded[] };
  const path = (post?: Seeded) => `/@${post?.author.handle}/status/${post?.uuid}`;
  return {
    own: path(data.find((post) => post.author.handle === demo.handle)),
    thread: path(
      data.find((post) => post.author.handle !== demo.handle && post.replies_count >= 2),
    ),
    ending: path(data.toSorted((a, b) => a.expires_at.localeCompare(b.expires_at))[0]),
  };
}

export const people = ["visitor", "member", "german"] as const;
export type Reader = (typeof people)[number];

interface Route {
  name: string;
  who: Reader;
  before?: (server: Server) => Promise<void>;
  path: (places: Places) => string;
  /** Seen once the page is there. */
  ready: (page: Page) => Promise<void>;
  /** What is done on the page before it is looked at. */
  act?: (view: View) => Promise<void>;
  /** What is done once it has been looked at, so that the next page finds all as it was. */
  after?: (view: View) => Promise<void>;
  /** An answer that belongs to the page. */
  expect?: { status: number; url: RegExp };
}

const heading = (name: string | RegExp) => (page: Page) =>
  page.getByRole("heading", { name }).first().waitFor();
const article = (page: Page) => page.getByRole("article").first().waitFor();
const at = (path: string) => () => path;

const routes: Route[] = [
  { name: "home", who: "visitor", path: at("/"), ready: article },
  { name: "home-member", who: "member", path: at("/"), ready: article },
  {
    name: "home-writing",
    who: "member",
    path: at("/"),
    ready: article,
    act: async ({ page }) => {
      const text = "Half the joy of saying it is that it does not stay. Ask the tide.";
      await page.getByRole("textbox", { name: "Your post" }).fill(text);
      await page.getByText("12h", { exact: true }).click();
    },
  },
  {
    name: "home-too-long",
    who: "member",
    path: at("/"),
    ready: article,
    act: async ({ page }) => {
      const text = "It goes on and on. ".repeat(15);
      await page.getByRole("textbox", { name: "Your post" }).fill(`${text}${text}`);
    },
  },
  { name: "person", who: "visitor", path: at("/@tide_table"), ready: article },
  { name: "own-page", who: "member", path: at("/@demo"), ready: article },
  { name: "thread", who: "visitor", path: ({ thread }) => thread, ready: article },
  {
    name: "thread-member",
    who: "member",
    path: ({ thread }) => thread,
    ready: article,
    act: async ({ page }) => {
      await page.getByRole("listitem").getByRole("button", { name: "Reply" }).first().click();
    },
  },
  {
    name: "delete-undo",
    who: "member",
    path: ({ own }) => own,
    ready: article,
    act: async ({ page }) => {
      await page.getByRole("button", { name: "Delete" }).first().click();
      await page.getByRole("button", { name: "Undo" }).focus(); // it stays as long as it has the focus
    },
    after: ({ page }) => page.getByRole("button", { name: "Undo" }).click(),
  },
  {
    name: "sign-in-question",
    who: "visitor",
    path: at("/"),
    ready: article,
    act: async ({ page }) => {
      await page.getByRole("button", { name: "Like" }).first().click();
      await page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "compose",
    who: "member",
    path: ({ thread }) => thread,
    ready: article,
    act: async ({ page }) => {
      await page.getByRole("button", { name: "Write" }).click();
      await page.getByRole("dialog").waitFor();
      await page.getByRole("dialog").getByRole("textbox").fill("One thought, from anywhere.");
    },
  },
  {
    name: "find",
    who: "visitor",
    path: at("/"),
    ready: article,
    act: async ({ page }) => {
      await page.getByRole("button", { name: "Find a person" }).click();
      await page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "shortcuts",
    who: "member",
    path: at("/"),
    ready: article,
    act: async ({ page }) => {
      await page.keyboard.press("?");
      await page.getByRole("dialog").waitFor();
    },
  },
  { name: "settings", who: "member", path: at("/settings"), ready: heading("Settings") },
  { name: "home-german", who: "german", path: at("/"), ready: article },
  {
    name: "settings-german",
    who: "german",
    path: at("/settings"),
    ready: heading("Einstellungen"),
  },
  { name: "settings-visitor", who: "visitor", path: at("/settings"), ready: heading("Settings") },
  { name: "sign-in", who: "visitor", path: at("/sign-in"), ready: heading("Welcome back") },
  { name: "sign-up", who: "visitor", path: at("/sign-up"), ready: heading("Join Cruddur") },
  {
    name: "confirm",
    who: "visitor",
    path: at("/confirm?email=ada%40example.com"),
    ready: heading("Check your mail"),
  },
  {
    name: "forgot-password",
    who: "visitor",
    path: at("/forgot-password"),
    ready: heading("Forgot your password?"),
  },
  {
    name: "reset-password",
    who: "visitor",
    path: at("/reset-password?email=ada%40example.com"),
    ready: heading("Set a new password"),
  },
  {
    name: "nobody",
    who: "visitor",
    path: at("/@nobody_here"),
    ready: heading("Nobody by that name"),
    expect: { status: 404, url: /\/api\/(users|activities)\// },
  },
  { name: "not-found", who: "visitor", path: at("/no/such/page"), ready: heading("Nothing here") },
  {
    name: "expired",
    who: "visitor",
    before: (server) => server.advance(10 * 60),
    path: ({ ending }) => ending,
    ready: heading("Its time was up"),
    expect: { status: 410, url: /\/api\/activities\// },
  },
];

type Look = (view: View, theme: Theme, width: Width) => Promise<void>;

/**
 * Goes through the routes of these readers, each once for its reader, and calls `visit` with the route's name and a function that opens the page and
 * shows it in every theme and width. What is on the page does not depend on where it began, so it is loaded once and then resized.
 */
export async function walk(
  server: Server,
  open: (options: ViewOptions) => Promise<View>,
  readers: readonly Reader[],
  visit: (name: string, each: (look: Look) => Promise<void>) => Promise<void>,
): Promise<void> {
  const places = await findPlaces(server);
  const optionsOf: Record<Reader, ViewOptions> = {
    visitor: {},
    member: { as: demo },
    german: { as: demo, locale: "de-DE" },
  };
  const views = new Map<Reader, View>();
  for (const reader of readers) {
    views.set(reader, await open({ reducedMotion: true, ...optionsOf[reader] }));
  }
  const show = async (route: Route, view: View, look: Look) => {
    await route.before?.(server);
    if (route.expect) view.watch.expect(route.expect.status, route.expect.url);
    await view.resize(1280, "dark");
    await view.goto(route.path(places));
    await route.ready(view.page);
    await route.act?.(view);
    for (const theme of themes) {
      for (const width of widths) {
        await view.resize(width, theme);
        await look(view, theme, width);
      }
    }
    await route.after?.(view);
  };
  for (const route of routes) {
    const view = views.get(route.who);
    if (view) await visit(route.name, (look) => show(route, view, look));
  }
}
