import { type InputEvent, useState } from "react";
import { strings } from "@/shared/lib/i18n";
import { PasswordField } from "@/shared/ui/password-field";
import { useFieldError } from "./problem-context";
import { type Estimate, estimate } from "./strength";
import { StrengthMeter } from "./strength-meter";

/** A password to be chosen, with what can be said of it while it is typed. */
export function NewPasswordField({ label }: { label: string }) {
  const [found, setFound] = useState<Estimate>();
  const words = found && wordsOf(found);

  const judge = ({ currentTarget: { value, form } }: InputEvent<HTMLInputElement>) => {
    setFound(value ? estimate(value, form ? knownOf(form) : []) : undefined);
  };
  return (
    <div>
      <PasswordField
        label={label}
        id="new-password"
        name="password"
        hint={words ?? strings.auth.passwordHint}
        error={useFieldError("password")}
        onInput={judge}
        autoComplete="new-password"
        enterKeyHint="go"
        minLength={8}
        required
      />
      <StrengthMeter strength={found?.strength} words={words ?? ""} />
    </div>
  );
}

/** What the form around says of the person. */
function knownOf(form: HTMLFormElement): string[] {
  const fields = new FormData(form);
  return ["name", "handle", "email"].map((name) => String(fields.get(name) ?? ""));
}

function wordsOf({ strength, weakness }: Estimate): string {
  const { strength: words, weakness: reasons } = strings.auth;
  return weakness ? `${words[strength]} ${reasons[weakness]}` : words[strength];
}
