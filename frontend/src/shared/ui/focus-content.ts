/** Puts the focus at the start of the page's content, without scrolling. */
export function focusContent(): void {
  document.getElementById("content")?.focus({ preventScroll: true });
}

/** A ref for an element that may leave the page while it has the focus: the focus then goes to the start of the content. */
export function passFocusOn(element: HTMLElement | null): () => void {
  return () => {
    if (element?.contains(document.activeElement)) focusContent();
  };
}
