import type { ComponentProps } from "react";
import { Link } from "react-router";
import { classNames } from "./class-names";

type Look = "primary" | "quiet" | "danger";

const base =
  "inline-flex min-h-11 items-center justify-center gap-2 rounded-full px-5 font-semibold transition-colors duration-(--quick)";

const looks: Record<Look, string> = {
  primary:
    "bg-spark text-on-spark disabled:bg-line disabled:text-soft enabled:hover:bg-spark-strong [a&]:hover:bg-spark-strong",
  quiet:
    "border border-edge text-ink disabled:text-faint enabled:hover:bg-raised [a&]:hover:bg-raised",
  danger: "bg-danger text-canvas disabled:opacity-60 enabled:hover:opacity-90",
};

interface Looked {
  look?: Look;
}

export function Button({ look = "quiet", className, ...rest }: ComponentProps<"button"> & Looked) {
  return <button type="button" {...rest} className={classNames(base, looks[look], className)} />;
}

export function ButtonLink({
  look = "quiet",
  className,
  ...rest
}: ComponentProps<typeof Link> & Looked) {
  return <Link {...rest} className={classNames(base, looks[look], className)} />;
}
