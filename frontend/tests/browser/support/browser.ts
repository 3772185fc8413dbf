import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { nextAddress, type Person } from "./people.ts";
import type { Server } from "./server.ts";
import { plantSession } from "./session.ts";
import { Watch } from "./watch.ts";

export const themes = ["dark", "light"] as const;
export type Theme = (typeof themes)[number];

export const widths = [360, 768, 1280] as const;
export type Width = (typeof widths)[number];

const newsApart = 1_000; // ms, at least, between two times that a page asks for news

const heights: Record<Width, number> = { 360: 740, 768: 1024, 1280: 800 };

export const wholeChromium = "/usr/bin/chromium";
const headlessShell = "/usr/bin/chromium-headless-shell";

/**
 * Debian's Chromium, in a profile of its own that ends with it. Where it is there, the one without windows: it renders and runs
 * pages as the other does, for half of the processor's time.
 */
export function launch(
  executable = existsSync(headlessShell) ? headlessShell : wholeChromium,
): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? executable,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

export interface ViewOptions {
  width?: Width;
  theme?: Theme;
  /** Signed in from the start and on the home page. Where the client is not at the server's own place, by the sign-in form. */
  as?: Pick<Person, "email" | "password">;
  reducedMotion?: boolean;
  /** What the browser says it speaks; English if not told otherwise. */
  locale?: string;
  /** False: none, as on an insecure origin, so that a test can stand between a page and its own files. */
  serviceWorker?: boolean;
  /** Where the client is opened, if not at the server's own name for itself. */
  origin?: string;
  /** Another tab of this person's browser. */
  beside?: View;
}

/** One browser of one person: a context of its own with one page in it, watched. */
export class View {
  readonly page: Page;
  readonly watch: Watch;
  readonly context: BrowserContext;
  readonly origin: string;

  private constructor(page: Page, origin: string) {
    this.page = page;
    this.context = page.context();
    this.origin = origin;
    this.watch = new Watch(page);
  }

  static async open(browser: Browser, server: Server, options: ViewOptions = {}): Promise<View> {
    const { width = 1280, theme = "dark", as, reducedMotion = false, beside } = options;
    const { locale = "en-GB", origin = server.url } = options;
    if (beside) return new View(await beside.context.newPage(), beside.origin);
    // A call to another origin may not carry it.
    const isServer = new URL(origin).port === new URL(server.url).port;
    const context = await browser.newContext({
      viewport: { width, height: heights[width] },
      colorScheme: theme,
      reducedMotion: reducedMotion ? "reduce" : "no-preference",
      locale,
      timezoneId: "Europe/Berlin",
      ...(isServer && { extraHTTPHeaders: { "x-forwarded-for": nextAddress() } }),
    });
    context.setDefaultTimeout(15_000);
    if (options.serviceWorker === false) {
      await context.addInitScript(() =>
        Reflect.deleteProperty(Navigator.prototype, "serviceWorker"),
      );
    }
    const view = new View(await context.newPage(), origin);
    if (as && isServer) await view.#enter(server, as);
    else if (as) await view.signIn(as);
    return view;
  }

  async #enter(server: Server, person: Pick<Person, "email" | "password">): Promise<void> {
    await using _ = await plantSession(this.page, server, person);
    await this.goto("/");
  }

  async goto(path: string): Promise<void> {
    await this.page.goto(this.origin + path);
    await this.page.locator("#content").waitFor();
    await this.page.locator("#toasts").waitFor({ state: "attached" }); // dialogs and shortcuts have come
  }

  /** Has the page's window come to the front after a while, which lets it ask the server for news. */
  async comeToFront(): Promise<void> {
    await this.page.evaluate((ms) => {
      const { performance } = window;
      const now = performance.now.bind(performance);
      performance.now = () => now() + ms;
    }, newsApart);
    await this.page.bringToFront();
    await this.page.evaluate(() => window.dispatchEvent(new Event("focus")));
  }

  async resize(width: Width, theme: Theme): Promise<void> {
    await this.page.setViewportSize({ width, height: heights[width] });
    await this.page.emulateMedia({ colorScheme: theme });
    await this.page.evaluate(async () => {
      await document.fonts.ready;
      for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
    });
  }

  /** Fills in the sign-in form, coming to it if need be. */
  async signIn(person: Pick<Person, "email" | "password">): Promise<void> {
    const { page } = this;
    if (new URL(page.url()).pathname !== "/sign-in") await this.goto("/sign-in");
    // By what the fields are, not by what they are called: this works in every language.
    await page.locator("#content input[type=email]").fill(person.email);
    await page.locator("#content input[autocomplete=current-password]").fill(person.password);
    await page.locator("#content button[type=submit]").click();
    await page.waitForURL((url) => url.pathname !== "/sign-in");
  }

  /** The card of the post, or the reply, that says `text`. */
  card(text: string) {
    return this.page.getByRole("article").filter({ hasText: text });
  }

  async says(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).first().waitFor();
  }

  /** Whether the page can be scrolled sideways. */
  overflows(): Promise<boolean> {
    return this.page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return scrollWidth > clientWidth;
    });
  }
}
