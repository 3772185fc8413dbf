import { type InputEvent, useRef } from "react";
import { strings } from "@/shared/lib/i18n";
import { TextField } from "@/shared/ui/text-field";
import { codeDigits, codeLength } from "./code-digits";
import { useFieldError } from "./problem-context";

/** A field for the code, typed or pasted. Sends the form once the code is complete and no other field is missing. */
export function CodeField() {
  const sent = useRef("");

  const tidy = ({ currentTarget: input }: InputEvent<HTMLInputElement>) => {
    const digits = codeDigits(input.value);
    if (digits !== input.value) input.value = digits;
    if (digits.length < codeLength || digits === sent.current) return;
    if (!input.form?.checkValidity()) return;
    // A code that was refused is not sent again by itself.
    sent.current = digits;
    input.form.requestSubmit();
  };

  return (
    <TextField
      label={strings.auth.code}
      id="code"
      name="code"
      hint={strings.auth.codeHint}
      error={useFieldError("code")}
      onInput={tidy}
      inputMode="numeric"
      autoComplete="one-time-code"
      enterKeyHint="go"
      pattern="[0-9]{10}"
      title={strings.auth.codeHint}
      required
      className="digits font-display text-title-m font-bold tracking-[0.15em]"
    />
  );
}
