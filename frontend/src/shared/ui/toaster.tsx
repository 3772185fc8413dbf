import { X } from "lucide-react";
import { useEffect } from "react";
import { isTyping } from "@/shared/lib/hotkeys/hotkeys";
import { strings } from "@/shared/lib/i18n";
import { useStore } from "@/shared/lib/store";
import { focusContent } from "./focus-content";
import {
  dismiss,
  holdToasts,
  releaseToasts,
  type Toast,
  takeAction,
  toasts,
} from "./toaster-store";

/** Where toasts appear. The region is always rendered, so that screen readers notice a new toast. */
export function Toaster() {
  const shown = useStore(toasts);
  useUndoKey(shown.findLast((each) => each.action)?.id);
  return (
    <div
      id="toasts"
      role="status"
      onPointerOver={holdToasts}
      onPointerOut={releaseToasts}
      onFocus={holdToasts}
      onBlur={releaseToasts}
      className="flex flex-col items-center"
    >
      {shown.map((each) => (
        <ToastLine key={each.id} {...each} />
      ))}
    </div>
  );
}

function ToastLine({ id, text, action }: Toast) {
  // The button that has the focus goes with its toast, and must not go on holding the toasts that are left.
  const closeBy = (onClose: (id: number) => void) => () => {
    focusContent();
    releaseToasts();
    onClose(id);
  };
  return (
    <p className="pointer-events-auto flex items-center gap-1 rounded-card border border-edge bg-raised ps-5 pe-1 shadow-float">
      <span className="py-2 pe-1">{text}</span>
      {action && (
        <button
          type="button"
          aria-keyshortcuts="Control+Z Meta+Z"
          className="min-h-11 shrink-0 rounded-full px-3 font-semibold whitespace-nowrap text-link hover:underline"
          onClick={closeBy(takeAction)}
        >
          {action.label}
        </button>
      )}
      <button
        type="button"
        className="grid size-11 shrink-0 place-items-center rounded-full text-soft hover:text-ink"
        aria-label={strings.dismiss}
        onClick={closeBy(dismiss)}
      >
        <X size={18} aria-hidden />
      </button>
    </p>
  );
}

/** Ctrl or ⌘ and Z takes the newest toast's action, except where one writes: there it belongs to the text. */
function useUndoKey(id: number | undefined): void {
  useEffect(() => {
    if (id === undefined) return;
    const onKey = (event: KeyboardEvent) => {
      // The key is "Z" under Caps Lock.
      const isZ = event.key.toLowerCase() === "z";
      const undo = (event.ctrlKey || event.metaKey) && !event.shiftKey && isZ;
      if (!undo || isTyping(event.target)) return;
      event.preventDefault();
      takeAction(id);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [id]);
}
