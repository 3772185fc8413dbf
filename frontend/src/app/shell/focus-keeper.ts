import { useEffect, useRef } from "react";
import { useLocation, useNavigationType } from "react-router";
import { focusPost } from "@/entities/post/focus-post";
import { focusContent } from "@/shared/ui/focus-content";

const left = new Map<string, string>(); // history entry -> post that had the focus when it was left

const focusedPost = () => document.activeElement?.closest<HTMLElement>("[data-post]")?.dataset.post;

/**
 * After going to a page the focus is at the start of its content, unless a field there has taken it. Going back gives it to the
 * post that one came from.
 */
export function useFocusKeeper(): void {
  const { key } = useLocation();
  const isReturn = useNavigationType() === "POP";
  const shown = useRef(key);

  useEffect(() => {
    const note = () => {
      const post = focusedPost();
      if (post) left.set(shown.current, post);
      else left.delete(shown.current);
    };
    window.addEventListener("focusin", note);
    return () => window.removeEventListener("focusin", note);
  }, []);

  useEffect(() => {
    if (shown.current === key) return;
    shown.current = key;
    const post = isReturn ? left.get(key) : undefined;
    if (post) return focusPost(post);
    const fieldHasIt = document.activeElement?.matches("#content :is(input, textarea)");
    if (!fieldHasIt) focusContent();
  }, [key, isReturn]);
}
