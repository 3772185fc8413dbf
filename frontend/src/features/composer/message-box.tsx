import { type RefObject, useLayoutEffect } from "react";
import { classNames } from "@/shared/ui/class-names";

interface MessageBoxProps {
  ref: RefObject<HTMLTextAreaElement | null>;
  label: string;
  placeholder: string;
  value: string;
  onChange: (text: string) => void;
  describedBy: string;
  invalid: boolean;
  /** What Escape does. Without it, Escape does what it does around the box, such as closing a dialog. */
  onEscape?: () => void;
  autoFocus?: boolean;
  className?: string;
}

const growsByItself = CSS.supports("field-sizing", "content");

/** A text area that grows with its text; Ctrl or ⌘ and Enter sends its form. */
export function MessageBox(props: MessageBoxProps) {
  const { ref, value, onChange, autoFocus = false } = props;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useLayoutEffect(() => {
    const box = ref.current;
    if (!box || growsByItself) return;
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight}px`;
  }, [ref, value]);

  useLayoutEffect(() => {
    if (!autoFocus) return;
    const box = ref.current;
    box?.focus({ preventScroll: true });
    box?.setSelectionRange(box.value.length, box.value.length);
  }, [ref, autoFocus]);

  return (
    <textarea
      ref={ref}
      name="message"
      rows={2}
      dir="auto"
      aria-label={props.label}
      placeholder={props.placeholder}
      aria-describedby={props.describedBy}
      aria-invalid={props.invalid || undefined}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === "Escape") props.onEscape?.();
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        event.currentTarget.form?.requestSubmit();
      }}
      className={classNames(
        "block field-sizing-content max-h-[var(--room,50dvh)] min-h-14 w-full resize-none bg-transparent text-large leading-7 outline-none placeholder:text-faint",
        props.className,
      )}
    />
  );
}
