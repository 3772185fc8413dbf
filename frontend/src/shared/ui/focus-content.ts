/** Puts the focus at the start of the page's content, without scrolling. */
export function focusContent(): void {
  document.getElementById("content")?.focus({ preventScroll: true });
}

/** A ref for what may leave the page while the focus is in it: the content gets it then. */
export function passFocusOn(element: HTMLElement | null): () => void {
  return () => {
    if (element?.contains(document.activeElement)) focusContent();
  };
}
