import type { Page } from "playwright-core";

type Matcher = Parameters<Page["route"]>[0];

/** Holds requests back until it is opened; then they, and those that come later, go on. */
export class Gate {
  readonly #opened = Promise.withResolvers<void>();
  readonly #arrived = Promise.withResolvers<void>();

  /** Closed for the page's requests to `url`, from now on. */
  static async at(page: Page, url: Matcher): Promise<Gate> {
    const gate = new Gate();
    await page.route(url, async (route) => {
      await gate.pass();
      await route.continue();
    });
    return gate;
  }

  /** Resolves once it is open. */
  pass(): Promise<void> {
    this.#arrived.resolve();
    return this.#opened.promise;
  }

  /** Resolves once somebody has come to it. */
  get arrived(): Promise<void> {
    return this.#arrived.promise;
  }

  open(): void {
    this.#opened.resolve();
  }
}
