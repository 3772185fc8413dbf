import { X } from "lucide-react";
import { strings } from "@/shared/lib/i18n";
import { useStore } from "@/shared/lib/store";
import { dismiss, toasts } from "./toaster-store";

/** Where toasts appear. The region is always there, so that screen readers notice what comes into it. */
export function Toaster() {
  const shown = useStore(toasts);
  return (
    <div
      role="status"
      className="pointer-events-none fixed inset-x-4 bottom-24 z-40 flex flex-col items-center gap-2 md:bottom-8"
    >
      {shown.map(({ id, text }) => (
        <p
          key={id}
          className="pointer-events-auto flex items-center gap-2 rounded-full border border-edge bg-raised ps-5 shadow-lg"
        >
          {text}
          <button
            type="button"
            className="grid size-11 place-items-center rounded-full text-soft hover:text-ink"
            aria-label={strings.dismiss}
            onClick={() => dismiss(id)}
          >
            <X size={18} aria-hidden />
          </button>
        </p>
      ))}
    </div>
  );
}
