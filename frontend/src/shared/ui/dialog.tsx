import { X } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { strings } from "@/shared/lib/i18n";
import { classNames } from "./class-names";

interface DialogProps {
  open: boolean;
  title: string;
  onClose: () => void;
  /** Room for a form of its own. */
  wide?: boolean;
  children: ReactNode;
}

/**
 * Takes the focus out of the dialog before it closes. A browser does so only with its next frame, and a key pressed until then
 * would be lost. The browser still gives the focus back to what had it before the dialog.
 */
function letGoOfFocus(dialog: HTMLDialogElement): void {
  const focused = document.activeElement;
  if (focused instanceof HTMLElement && dialog.contains(focused)) focused.blur();
}

/** A modal over the browser's own <dialog>, which keeps the focus inside and gives it back. */
export function Dialog({ open, title, onClose, wide = false, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const pressedBeside = useRef(false);
  const id = useId();

  useEffect(() => {
    const dialog = ref.current;
    if (!dialog || open === dialog.open) return;
    if (!open) {
      letGoOfFocus(dialog);
      return dialog.close();
    }
    dialog.showModal();
    (dialog.querySelector<HTMLElement>("input, textarea") ?? dialog).focus();
  }, [open]);

  return (
    <dialog
      ref={ref}
      aria-labelledby={id}
      tabIndex={-1}
      onCancel={(event) => letGoOfFocus(event.currentTarget)}
      onClose={onClose}
      onPointerDown={(event) => {
        pressedBeside.current = event.target === event.currentTarget;
      }}
      onClick={(event) => {
        // Selecting text from inside to beside the dialog also ends in a click on it, which must not close it.
        if (event.target === event.currentTarget && pressedBeside.current) onClose();
      }}
      onKeyDown={(event) => event.stopPropagation()}
      className={classNames(
        "max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] overflow-y-auto rounded-card border border-line bg-raised text-ink",
        wide ? "max-w-xl" : "max-w-md",
      )}
    >
      {open && (
        <div className={wide ? "p-4 sm:p-6" : "p-6"}>
          <div className="flex items-start justify-between gap-4">
            <h2 id={id} className="text-title-m">
              {title}
            </h2>
            <button
              type="button"
              onClick={onClose}
              aria-label={strings.dismiss}
              className="-me-2 -mt-2 grid size-11 shrink-0 place-items-center rounded-full text-soft hover:bg-surface hover:text-ink"
            >
              <X size={20} aria-hidden />
            </button>
          </div>
          {children}
        </div>
      )}
    </dialog>
  );
}
