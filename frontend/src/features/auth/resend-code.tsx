import { useMutation } from "@tanstack/react-query";
import { type CSSProperties, type MouseEvent, useState } from "react";
import { strings } from "@/shared/lib/i18n";
import { classNames } from "@/shared/ui/class-names";
import { FormError } from "@/shared/ui/form-error";
import { textLink } from "./auth-page";
import { type CodePurpose, codePause, noteCodeSent, useCodePause } from "./code-sent";
import { problemOf } from "./problem";

interface ResendCodeProps {
  purpose: CodePurpose;
  /** The address, or an empty text: then it is read from the form's field. */
  email: string;
  send: (email: string) => Promise<unknown>;
}

/** The button that asks for another code, after a visible pause. It stays on the page meanwhile, so that it keeps the focus. */
export function ResendCode({ purpose, email, send }: ResendCodeProps) {
  const words = strings.auth.resend;
  const [left, restartPause] = useCodePause(purpose, email);
  const [hasWaited, setHasWaited] = useState(false);
  const resending = useMutation({
    mutationFn: send,
    onSuccess: (_, address) => {
      noteCodeSent(purpose, address);
      restartPause();
    },
  });
  const paused = left > 0;
  if (paused && !hasWaited) setHasWaited(true);
  const { isPending, isSuccess, error } = resending;

  const ask = ({ currentTarget: { form } }: MouseEvent<HTMLButtonElement>) => {
    if (paused || isPending) return;
    const field = form?.elements.namedItem("email");
    if (field instanceof HTMLInputElement && field.reportValidity()) {
      resending.mutate(field.value.trim());
    }
  };

  return (
    <div className="-mt-2">
      <button
        type="button"
        aria-disabled={paused || isPending}
        onClick={ask}
        className={classNames(
          textLink,
          "gap-2 aria-disabled:cursor-default aria-disabled:text-faint aria-disabled:no-underline",
        )}
      >
        {words.ask}
        {paused && (
          <span aria-hidden className="digits font-medium">
            {words.remaining(left)}
          </span>
        )}
      </button>
      {paused && (
        <div
          aria-hidden
          className="fuse"
          data-age="calm"
          style={{ "--left": left / codePause } as CSSProperties}
        >
          <span className="fuse-line" />
          <span className="fuse-end" />
        </div>
      )}
      <p role="status" className="text-small text-soft">
        {paused && isSuccess && words.done}{" "}
        <span className="sr-only">{paused ? words.wait(codePause) : hasWaited && words.ready}</span>
      </p>
      <FormError text={error ? problemOf(error).text : undefined} />
    </div>
  );
}
