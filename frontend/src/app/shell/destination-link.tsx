import type { ReactNode } from "react";
import { NavLink } from "react-router";

interface DestinationLinkProps {
  /** Null while it is not known. The link keeps its place. */
  to: string | null;
  className: string;
  children: ReactNode;
}

export function DestinationLink({ to, className, children }: DestinationLinkProps) {
  return to === null ? (
    <span aria-hidden className={className}>
      {children}
    </span>
  ) : (
    <NavLink to={to} end className={className}>
      {children}
    </NavLink>
  );
}
