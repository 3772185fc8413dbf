import type { Page } from "playwright-core";

interface Expectation {
  status: number;
  url: RegExp;
  met: boolean;
}

// The second when the service worker's script can't be fetched.
const offlineWords = /net::ERR_INTERNET_DISCONNECTED|error occurred when fetching the script/;

/** Notes everything that goes wrong in a page: what the console, the network and the security policy complain of. */
export class Watch {
  readonly #problems: string[] = [];
  readonly #expected: Expectation[] = [];
  #offline = false;

  constructor(page: Page) {
    page.on("pageerror", (error) => this.#problems.push(`page error: ${error.stack}`));
    page.on("console", (message) => {
      const { url } = message.location();
      if (!["error", "warning"].includes(message.type())) return;
      if (this.#isExpected(message.text(), url)) return;
      this.#problems.push(`console ${message.type()}: ${message.text()} (${url})`);
    });
    page.on("response", (response) => {
      if (response.status() < 400 || this.#find(response.status(), response.url())) return;
      this.#problems.push(
        `${response.status()} for ${response.request().method()} ${response.url()}`,
      );
    });
    page.on("requestfailed", (request) => {
      const why = request.failure()?.errorText ?? "";
      // What the page itself broke off, or a navigation did, has not failed.
      if (why === "net::ERR_ABORTED" || this.#offline) return;
      this.#problems.push(`${why} for ${request.method()} ${request.url()}`);
    });
  }

  /** From now on an answer with this status at an address like this is as it should be; a test waits for one, and fails without. */
  expect(status: number, url: RegExp): void {
    this.#expected.push({ status, url, met: false });
  }

  /** Such an answer may come or not. */
  allow(status: number, url: RegExp): void {
    this.#expected.push({ status, url, met: true });
  }

  /** Takes out what has gone wrong as it should have, and tells how much that was. */
  take(what: RegExp): number {
    const before = this.#problems.length;
    const left = this.#problems.filter((problem) => !what.test(problem));
    this.#problems.splice(0, before, ...left);
    return before - left.length;
  }

  /** While offline, requests may fail. */
  set offline(value: boolean) {
    this.#offline = value;
  }

  get problems(): readonly string[] {
    return this.#problems;
  }

  /** What is expected and has not come yet. */
  get missing(): string[] {
    return this.#expected
      .filter((each) => !each.met)
      .map(({ status, url }) => `expected, but not seen: ${status} for ${url}`);
  }

  #find(status: number, url: string): boolean {
    const found = this.#expected.find((each) => each.status === status && each.url.test(url));
    if (found) found.met = true;
    return found !== undefined;
  }

  #isExpected(text: string, url: string): boolean {
    const status = /the server responded with a status of (\d+)/.exec(text)?.[1];
    if (status) return this.#find(Number(status), url);
    return this.#offline && offlineWords.test(text);
  }
}
