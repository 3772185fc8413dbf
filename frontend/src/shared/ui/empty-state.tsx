import type { ReactNode } from "react";
import { BurntRing } from "./burnt-ring";

interface EmptyStateProps {
  title: string;
  body: string;
  heading?: "h1" | "h2";
  children?: ReactNode;
}

/** A place with nothing in it: what that means, and what to do next. */
export function EmptyState({ title, body, heading: Heading = "h2", children }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center px-4 py-14 text-center">
      <BurntRing />
      <Heading className="mt-6 text-title-l">{title}</Heading>
      <p className="mt-3 max-w-sm text-soft text-pretty">{body}</p>
      {children && <div className="mt-7 flex flex-wrap justify-center gap-3">{children}</div>}
    </div>
  );
}
