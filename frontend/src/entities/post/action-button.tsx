import type { LucideIcon } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { compactCount } from "@/shared/lib/time/format";
import { classNames } from "@/shared/ui/class-names";

export const actionLook =
  "inline-flex min-h-11 min-w-11 items-center gap-1.5 rounded-full px-3 text-small text-soft transition-colors duration-(--quick) hover:bg-raised hover:text-ink [&>svg]:transition-[scale] [&>svg]:duration-(--quick) active:[&>svg]:scale-80";

interface ActionContentProps {
  icon: LucideIcon;
  label: string;
  count?: number;
  filled?: boolean;
}

/** Icon, name for screen readers and, when there is something to count, the count. */
export function ActionContent({ icon: Icon, label, count = 0, filled }: ActionContentProps) {
  return (
    <>
      <Icon size={19} aria-hidden fill={filled ? "currentColor" : "none"} />
      <span className="sr-only">{label} </span>
      {count > 0 && <span className="digits">{compactCount(count)}</span>}
    </>
  );
}

type ActionButtonProps = Omit<ComponentProps<"button">, "children"> & ActionContentProps;

export function ActionButton({
  icon,
  label,
  count,
  filled,
  className,
  ...button
}: ActionButtonProps): ReactNode {
  return (
    <button type="button" title={label} {...button} className={classNames(actionLook, className)}>
      <ActionContent
        icon={icon}
        label={label}
        {...(count !== undefined && { count })}
        {...(filled !== undefined && { filled })}
      />
    </button>
  );
}
