import type { MouseEvent } from "react";
import { useNavigate } from "react-router";
import { paths } from "@/shared/lib/paths";
import type { Post } from "./post";

/** Opens a post when its card is clicked beside its links and buttons, but not when text in it was being selected. */
export function useOpenOnClick(post: Post): (event: MouseEvent) => void {
  const navigate = useNavigate();
  return (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest("a, button, input, textarea, dialog")) return;
    if (window.getSelection()?.isCollapsed === false) return;
    navigate(paths.post(post));
  };
}
