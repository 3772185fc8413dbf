import type { KeyboardEvent, MouseEvent } from "react";
import { useNavigate } from "react-router";
import { paths } from "@/shared/lib/paths";
import type { Post } from "./post";

interface CardHandlers {
  onClick: (event: MouseEvent) => void;
  onKeyDown: (event: KeyboardEvent) => void;
}

/**
 * Opens a post when its card is clicked beside its links and buttons, but not when text in it was being selected, and when
 * Enter is pressed while the card itself has the focus.
 */
export function useOpenCard(post: Post): CardHandlers {
  const navigate = useNavigate();
  const open = () => navigate(paths.post(post));
  return {
    onClick: (event) => {
      const target = event.target instanceof Element ? event.target : null;
      if (target?.closest("a, button, input, textarea, dialog")) return;
      if (window.getSelection()?.isCollapsed === false) return;
      open();
    },
    onKeyDown: (event) => {
      if (event.key === "Enter" && event.target === event.currentTarget) open();
    },
  };
}
