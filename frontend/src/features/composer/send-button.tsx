import { Button } from "@/shared/ui/button";
import { classNames } from "@/shared/ui/class-names";

interface SendButtonProps {
  ready: boolean;
  /** The message is being sent: the button can't be used, but keeps the focus. */
  pending: boolean;
  text: string;
  pendingText: string;
  className?: string;
}

/** The button that sends its form's message. */
export function SendButton({ ready, pending, text, pendingText, className }: SendButtonProps) {
  return (
    <Button
      type="submit"
      look="primary"
      disabled={!ready && !pending}
      aria-disabled={pending || undefined}
      className={classNames(
        "aria-disabled:bg-line aria-disabled:text-soft aria-disabled:hover:bg-line",
        className,
      )}
    >
      {pending ? pendingText : text}
    </Button>
  );
}
