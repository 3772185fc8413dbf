import { strings } from "@/shared/lib/i18n";
import { TextField } from "@/shared/ui/text-field";

export function CodeField() {
  return (
    <TextField
      label={strings.auth.code}
      name="code"
      hint={strings.auth.codeHint}
      inputMode="numeric"
      autoComplete="one-time-code"
      pattern="[0-9]{6}"
      title={strings.auth.codeHint}
      maxLength={6}
      required
      className="digits font-display text-2xl font-bold tracking-[0.3em]"
    />
  );
}
