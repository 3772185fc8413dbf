// Moving through posts with the keyboard. Every post on a page is an element with `data-post`. Its controls are the elements
// with `data-action` in it.

const posts = () => [
  ...document.querySelectorAll<HTMLElement>("#content [data-post]:not([inert] *)"),
];

// The upper 80 pixels are under the bars at the top.
const isOnScreen = (post: HTMLElement) => post.getBoundingClientRect().bottom > 80;

/** The post that has the focus in it. Without one, the post that the page is about, if it is a thread. */
export function currentPost(): HTMLElement | null {
  const focused = document.activeElement?.closest<HTMLElement>("[data-post]");
  return focused ?? document.querySelector<HTMLElement>("#content [data-focal]");
}

/** Moves the focus to the next post (1) or the one before (-1). When no post has it, to the first on the screen. */
export function movePostFocus(step: 1 | -1): void {
  const all = posts();
  const focused = document.activeElement?.closest<HTMLElement>("[data-post]");
  const index = focused ? all.indexOf(focused) : -1;
  const target = index >= 0 ? all[index + step] : all.find(isOnScreen);
  target?.focus({ preventScroll: true });
  target?.scrollIntoView({ block: "nearest" });
}

/** Presses one of the controls of the current post. */
export function pressOnPost(action: "like" | "reply" | "open"): void {
  currentPost()?.querySelector<HTMLElement>(`[data-action="${action}"]`)?.click();
}
