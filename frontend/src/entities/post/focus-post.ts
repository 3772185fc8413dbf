import { focusContent } from "@/shared/ui/focus-content";

const patience = 2_000; // ms to wait for it to come on the screen, or back there

/**
 * Puts the focus on the post `uuid` once it is there, without scrolling; where it does not come in time, on the start of the
 * content. Whoever moves the focus meanwhile has the say.
 */
export function focusPost(uuid: string): void {
  const until = performance.now() + patience;
  const before = document.activeElement;
  const attempt = () => {
    const now = document.activeElement;
    if (now !== before && now !== document.body) return;
    const post = document.querySelector<HTMLElement>(`[data-post="${uuid}"]`);
    post?.focus({ preventScroll: true });
    if (post && document.activeElement === post) return;
    if (performance.now() < until) requestAnimationFrame(attempt);
    else focusContent();
  };
  attempt();
}

/** Puts the focus where reading goes on when the post that holds `element` leaves: the next one, else the one before. */
export function focusBeside(element: Element): void {
  const post = element.closest<HTMLElement>("[data-post]");
  const posts = [...document.querySelectorAll<HTMLElement>("#content [data-post]")].filter(
    (each) => each === post || (!each.closest("[inert]") && !post?.contains(each)),
  );
  const place = post ? posts.indexOf(post) : -1;
  const beside = posts[place + 1] ?? posts[place - 1];
  if (beside) beside.focus({ preventScroll: true });
  else focusContent();
}

/** Puts the focus on the last post of the page, so that reading goes on with what comes after it. */
export function focusLastPost(): void {
  const posts = document.querySelectorAll<HTMLElement>("#content [data-post]:not([inert] *)");
  posts[posts.length - 1]?.focus({ preventScroll: true });
}
