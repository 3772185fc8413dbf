import { useEffect, useLayoutEffect, useRef } from "react";
import { useLocation, useNavigationType } from "react-router";
import { focusPost } from "@/entities/post/focus-post";
import { focusContent } from "@/shared/ui/focus-content";

// For each history entry, the post that had the focus when the page was focusedPosts.
const focusedPosts = new Map<string, string>();

const focusedPost = () => document.activeElement?.closest<HTMLElement>("[data-post]")?.dataset.post;

/**
 * Puts the focus at the start of a new page's content, unless a field there has taken it. When one goes back, puts it on the
 * post that had it.
 */
export function useFocusKeeper(): void {
  const { key } = useLocation();
  const isReturn = useNavigationType() === "POP";
  const shown = useRef(key);

  useEffect(() => {
    const note = () => {
      const post = focusedPost();
      if (post) focusedPosts.set(shown.current, post);
      else focusedPosts.delete(shown.current);
    };
    window.addEventListener("focusin", note);
    return () => window.removeEventListener("focusin", note);
  }, []);

  // Before the page is painted: a key that is pressed as soon as the page is seen finds the focus where it stays.
  useLayoutEffect(() => {
    if (shown.current === key) return;
    shown.current = key;
    const post = isReturn ? focusedPosts.get(key) : undefined;
    if (post) return focusPost(post);
    const fieldHasIt = document.activeElement?.matches("#content :is(input, textarea)");
    if (!fieldHasIt) focusContent();
  }, [key, isReturn]);
}
