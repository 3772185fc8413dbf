import { strings } from "@/shared/lib/i18n";
import { TextField } from "@/shared/ui/text-field";
import { useFieldError } from "./problem-context";

interface EmailFieldProps {
  /** The first value. */
  email?: string;
  last?: boolean;
}

export function EmailField({ email = "", last = false }: EmailFieldProps) {
  return (
    <TextField
      label={strings.auth.email}
      id="email"
      name="email"
      type="email"
      autoComplete="username"
      enterKeyHint={last ? "go" : "next"}
      error={useFieldError("email")}
      defaultValue={email}
      required
    />
  );
}

/** The address that the page before has passed on. It is shown, so that password managers save the password with it. */
export function GivenEmail({ email }: { email: string }) {
  const error = useFieldError("email");
  return (
    <div>
      <div className="flex items-center gap-3 border-b border-line">
        <label htmlFor="email" className="shrink-0 text-small text-faint">
          {strings.auth.email}
        </label>
        <input
          id="email"
          name="email"
          type="email"
          autoComplete="username"
          value={email}
          readOnly
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? "email-error" : undefined}
          className="min-h-11 w-full min-w-0 rounded-small bg-transparent px-2 text-soft text-ellipsis"
        />
      </div>
      {error && (
        <p id="email-error" className="mt-1.5 text-small font-medium text-danger">
          {error}
        </p>
      )}
    </div>
  );
}
