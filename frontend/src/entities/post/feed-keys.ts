import type { KeyboardEvent } from "react";

const focusable = "a[href], button:enabled, input, textarea, [tabindex='0']";

/**
 * The keys of a feed, as assistive technology knows them: Page Up and Down from post to post, Control with Home and End out of
 * it.
 */
export function onFeedKey(event: KeyboardEvent<HTMLElement>): void {
  const feed = event.currentTarget;
  const target = targetOf(event, feed);
  if (!target) return;
  event.preventDefault();
  target.focus();
}

function targetOf(event: KeyboardEvent, feed: HTMLElement): HTMLElement | undefined {
  switch (event.key) {
    case "PageDown":
      return postBeside(event.target, feed, 1);
    case "PageUp":
      return postBeside(event.target, feed, -1);
    case "Home":
      return event.ctrlKey ? outside(feed, Node.DOCUMENT_POSITION_PRECEDING).at(-1) : undefined;
    case "End":
      return event.ctrlKey ? outside(feed, Node.DOCUMENT_POSITION_FOLLOWING)[0] : undefined;
    default:
      return undefined;
  }
}

function postBeside(target: EventTarget, feed: HTMLElement, step: number) {
  const posts = [...feed.querySelectorAll<HTMLElement>("[data-post]")].filter(
    (post) => !post.closest("[inert]"),
  );
  const place = posts.findIndex((post) => target instanceof Node && post.contains(target));
  return place < 0 ? undefined : posts[place + step];
}

/** The elements before or after the feed that can have the focus, in the order of the page. */
const outside = (feed: HTMLElement, side: number): HTMLElement[] =>
  [...document.querySelectorAll<HTMLElement>(focusable)].filter(
    (each) => feed.compareDocumentPosition(each) === side && each.checkVisibility(),
  );
