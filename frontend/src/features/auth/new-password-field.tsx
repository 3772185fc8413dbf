import { type InputEvent, useState } from "react";
import { strings } from "@/shared/lib/i18n";
import { passwordFault } from "@/shared/lib/text/password";
import { PasswordField } from "@/shared/ui/password-field";
import { useFieldError } from "./problem-context";
import { type Estimate, estimate } from "./strength";
import { StrengthMeter } from "./strength-meter";

/** A field for a new password, which is judged while it is typed. */
export function NewPasswordField({ label }: { label: string }) {
  const [found, setFound] = useState<Estimate>();
  const words = found && wordsOf(found);

  const judge = ({ currentTarget: input }: InputEvent<HTMLInputElement>) => {
    const { value, form } = input;
    const personal = form ? knownOf(form) : [];
    const { InvalidPasswordException: refused } = strings.errors.identity;
    // The server does not compare a password with the name.
    const fault = value ? passwordFault(value, personal.slice(1)) : undefined;
    input.setCustomValidity(fault && fault !== "short" ? refused : "");
    setFound(value ? estimate(value, personal) : undefined);
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

/** What the other fields of the form tell about the person. */
function knownOf(form: HTMLFormElement): string[] {
  const fields = new FormData(form);
  return ["name", "handle", "email"].map((name) => String(fields.get(name) ?? ""));
}

function wordsOf({ strength, weakness }: Estimate): string {
  const { strength: words, weakness: reasons } = strings.auth;
  return weakness ? `${words[strength]} ${reasons[weakness]}` : words[strength];
}
