import type { ReactNode } from "react";
import { usePageTitle } from "@/shared/ui/page-title";
import { Ring } from "./ring";

interface AuthPageProps {
  title: string;
  /** How much of the ring is left at this step, from 1 to 0. */
  left: number;
  lead?: ReactNode;
  children: ReactNode;
  /** Links to the other pages of signing in. */
  footer?: ReactNode;
}

export function AuthPage({ title, left, lead, children, footer }: AuthPageProps) {
  usePageTitle(title);
  return (
    <div className="mx-auto w-full max-w-md px-4 pt-5 pb-8 md:pt-14">
      <div className="flex items-start justify-between gap-6">
        <div>
          <h1 id="auth-title" className="text-title-l hyphens-auto md:text-title-xl">
            {title}
          </h1>
          {lead && (
            <p id="auth-lead" className="mt-3 text-soft text-pretty">
              {lead}
            </p>
          )}
        </div>
        <div className="hidden shrink-0 md:block">
          <Ring left={left} />
        </div>
      </div>
      <div className="mt-6 md:mt-8">{children}</div>
      {footer && (
        <p className="mt-8 flex flex-wrap items-center gap-x-2 border-t border-line pt-4 text-soft">
          {footer}
        </p>
      )}
    </div>
  );
}

export const textLink =
  "inline-flex min-h-11 items-center font-semibold text-link underline-offset-4 hover:underline";
