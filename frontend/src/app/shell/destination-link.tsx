import type { ReactNode } from "react";
import { NavLink } from "react-router";

interface DestinationLinkProps {
  /** Null while the address is not known yet: the link's place is kept. */
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
