// Posts as the keyboard goes through them. Every post on a page is an element with `data-post`; what can be done with it are
// elements with `data-action` inside.

const posts = () => [
  ...document.querySelectorAll<HTMLElement>("#content [data-post]:not([inert] *)"),
];

const isOnScreen = (post: HTMLElement) => post.getBoundingClientRect().bottom > 80; // px; below the bars at the top

/** The post that has the focus or holds what has it; on a post's own page that post when none has. */
export function currentPost(): HTMLElement | null {
  const focused = document.activeElement?.closest<HTMLElement>("[data-post]");
  return focused ?? document.querySelector<HTMLElement>("#content [data-focal]");
}

/** Moves the focus to the next post (1) or the one before (-1); from nowhere, to the first on the screen. */
export function movePostFocus(step: 1 | -1): void {
  const all = posts();
  const focused = document.activeElement?.closest<HTMLElement>("[data-post]");
  const at = focused ? all.indexOf(focused) : -1;
  const target = at >= 0 ? all[at + step] : all.find(isOnScreen);
  target?.focus({ preventScroll: true });
  target?.scrollIntoView({ block: "nearest" });
}

/** Presses one of the controls of the current post. */
export function pressOnPost(action: "like" | "reply" | "open"): void {
  currentPost()?.querySelector<HTMLElement>(`[data-action="${action}"]`)?.click();
}
