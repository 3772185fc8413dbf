import type { FormEvent, ReactNode } from "react";
import { Button } from "@/shared/ui/button";
import { FormError } from "@/shared/ui/form-error";

interface AuthFormProps {
  /** The form's fields by name; text is not trimmed. */
  onSubmit: (fields: Record<string, string>) => void;
  error: string | undefined;
  busy: boolean;
  submit: string;
  submitBusy: string;
  children: ReactNode;
}

/** A native form: fields, what went wrong, one button. What was typed stays when it fails. */
export function AuthForm(props: AuthFormProps) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (props.busy) return;
    const fields: Record<string, string> = {};
    for (const [name, value] of new FormData(event.currentTarget)) {
      if (typeof value === "string") fields[name] = value;
    }
    props.onSubmit(fields);
  };
  return (
    <form onSubmit={submit} className="grid gap-5">
      {props.children}
      <FormError text={props.error} />
      <Button type="submit" look="primary" disabled={props.busy} className="w-full">
        {props.busy ? props.submitBusy : props.submit}
      </Button>
    </form>
  );
}
