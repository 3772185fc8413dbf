import type { ReactNode } from "react";

/** What went wrong with a whole form; announced when it appears. */
export function FormError({ text }: { text: ReactNode }) {
  return (
    <div role="alert" className="empty:hidden">
      {text && (
        <p className="rounded-note border border-danger px-4 py-3 font-medium text-danger">
          {text}
        </p>
      )}
    </div>
  );
}
