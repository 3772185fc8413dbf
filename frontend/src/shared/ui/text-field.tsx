import { type ComponentProps, type ReactNode, useId } from "react";
import { classNames } from "./class-names";

interface TextFieldProps extends ComponentProps<"input"> {
  label: string;
  hint?: string | undefined;
  error?: ReactNode;
}

/** A labelled input whose hint and error are read with it. */
export function TextField({ label, hint, error, className, children, ...input }: TextFieldProps) {
  const ownId = useId();
  const id = input.id ?? ownId;
  const notes = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block font-semibold">
        {label}
      </label>
      <div className="relative">
        <input
          {...input}
          id={id}
          className={classNames("field", className)}
          aria-invalid={error ? true : undefined}
          aria-describedby={notes || undefined}
        />
        {children}
      </div>
      {hint && (
        <p id={`${id}-hint`} className="mt-1.5 text-small text-faint">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="mt-1.5 text-small font-medium text-danger">
          {error}
        </p>
      )}
    </div>
  );
}
