import { focusContent } from "@/shared/ui/focus-content";

// Milliseconds to wait for the post to come on the screen.
const waitTime = 2_000;

/**
 * Puts the focus on the post `uuid` once it is on the page, without scrolling. When it does not appear in time, puts it on the
 * start of the content. A person who moves the focus meanwhile ends the attempts.
 */
export function focusPost(uuid: string): void {
  const deadline = performance.now() + waitTime;
  const initial = document.activeElement;
  const attempt = () => {
    const now = document.activeElement;
    if (now !== initial && now !== document.body) return;
    const post = document.querySelector<HTMLElement>(`[data-post="${uuid}"]`);
    post?.focus({ preventScroll: true });
    if (post && document.activeElement === post) return;
    if (performance.now() < deadline) requestAnimationFrame(attempt);
    else focusContent();
  };
  attempt();
}

/** For when the post around `element` leaves: puts the focus on the next post, else on the one before. */
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

/** Puts the focus on the last post of the page, so that the next Tab or key goes to the posts that are loaded after it. */
export function focusLastPost(): void {
  const posts = document.querySelectorAll<HTMLElement>("#content [data-post]:not([inert] *)");
  posts[posts.length - 1]?.focus({ preventScroll: true });
}
