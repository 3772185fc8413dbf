const patience = 2_000; // ms to wait for it to come on the screen, or back there

/** Puts the focus on the post `uuid` once it is there, without scrolling. */
export function focusPost(uuid: string): void {
  const until = performance.now() + patience;
  const attempt = () => {
    const post = document.querySelector<HTMLElement>(`[data-post="${uuid}"]`);
    post?.focus({ preventScroll: true });
    if (post && document.activeElement === post) return;
    if (performance.now() < until) requestAnimationFrame(attempt);
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
  const beside = posts[place + 1] ?? posts[place - 1] ?? document.getElementById("content");
  beside?.focus({ preventScroll: true });
}
