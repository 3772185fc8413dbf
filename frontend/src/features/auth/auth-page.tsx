import type { ReactNode } from "react";
import { usePageTitle } from "@/shared/ui/page-title";

interface AuthPageProps {
  title: string;
  lead?: ReactNode;
  children: ReactNode;
  /** Where else to go from here. */
  footer?: ReactNode;
}

export function AuthPage({ title, lead, children, footer }: AuthPageProps) {
  usePageTitle(title);
  return (
    <div className="mx-auto w-full max-w-md px-4 py-8 md:py-14">
      <h1 className="text-4xl">{title}</h1>
      {lead && <p className="mt-3 text-soft text-pretty">{lead}</p>}
      <div className="mt-8">{children}</div>
      {footer && (
        <p className="mt-8 flex flex-wrap items-center gap-x-2 border-t border-line pt-4 text-soft">
          {footer}
        </p>
      )}
    </div>
  );
}

export const footerLink =
  "inline-flex min-h-11 items-center font-semibold text-link underline-offset-4 hover:underline";
