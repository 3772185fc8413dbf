import { strings } from "@/shared/lib/i18n";
import { TextField } from "@/shared/ui/text-field";
import { useFieldError } from "./problem-context";

interface EmailFieldProps {
  /** What stands in it at first. */
  email?: string;
  /** Whose code or password it is: given by the page before, shown so that password managers know it too. */
  fixed?: boolean;
  last?: boolean;
}

export function EmailField({ email = "", fixed = false, last = false }: EmailFieldProps) {
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
      readOnly={fixed}
      className={fixed ? "border-transparent bg-transparent px-0 text-soft" : undefined}
      required
    />
  );
}
