import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useEffect, useRef } from "react";
import { Button } from "@/shared/ui/button";
import { FormError } from "@/shared/ui/form-error";
import { type Problem, problemOf } from "./problem";
import { ProblemContext } from "./problem-context";

/** The form's fields by name; only the password is as it was typed, the others are trimmed. */
export type Fields = Record<string, string>;

interface AuthFormProps<Result> {
  send: (fields: Fields) => Promise<Result>;
  onDone: (result: Result, fields: Fields) => void;
  /** Another view of an error than `problemOf`. */
  explain?: (error: unknown, fields: Fields) => Problem;
  submit: string;
  submitBusy: string;
  children: ReactNode;
}

/**
 * A native form: fields, what went wrong, one button. Sends once at a time. What was typed stays when it fails, and the
 * field that it failed for gets the focus.
 */
export function AuthForm<Result>({ explain = problemOf, ...props }: AuthFormProps<Result>) {
  const form = useRef<HTMLFormElement>(null);
  const underWay = useRef(false);
  const sending = useMutation({
    mutationFn: props.send,
    onSuccess: props.onDone,
    onSettled: () => {
      underWay.current = false;
    },
  });
  const { error, isPending: busy, variables: sent = {} } = sending;
  const problem = error ? explain(error, sent) : undefined;

  useFirstFocus(form);
  const field = problem?.field;
  useEffect(() => {
    if (error && form.current) focusOn(form.current, field);
  }, [error, field]);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (underWay.current) return;
    underWay.current = true;
    sending.mutate(read(event.currentTarget));
  };
  return (
    <form
      ref={form}
      onSubmit={submit}
      aria-labelledby="auth-title"
      aria-describedby="auth-lead"
      className="grid gap-5"
    >
      <ProblemContext value={problem}>{props.children}</ProblemContext>
      <FormError text={problem?.field ? undefined : problem?.text} />
      <Button type="submit" look="primary" disabled={busy} className="w-full">
        {busy ? props.submitBusy : props.submit}
      </Button>
    </form>
  );
}

function read(form: HTMLFormElement): Fields {
  const fields: Fields = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string") fields[name] = name === "password" ? value : value.trim();
  }
  return fields;
}

/** The field that is wrong; a code at once for retyping. The button, which was out of use, if it is none of them. */
function focusOn(form: HTMLFormElement, field: string | undefined): void {
  const found = field && form.elements.namedItem(field);
  if (found instanceof HTMLInputElement) {
    found.focus();
    if (field === "code") found.select();
  } else {
    form.querySelector<HTMLButtonElement>("button[type=submit]")?.focus();
  }
}

const roomy = "(min-width: 45rem) and (pointer: fine)";

/**
 * These pages are there to be filled in, so the first empty field has the focus, where no on-screen keyboard would cover the
 * page then. Screen readers lose nothing: they are told the page's title, and on entering the form its name and its lead.
 */
function useFirstFocus(form: { current: HTMLFormElement | null }): void {
  useEffect(() => {
    if (!window.matchMedia(roomy).matches) return;
    const inputs = form.current?.querySelectorAll<HTMLInputElement>("input:not([readonly])");
    [...(inputs ?? [])].find((input) => !input.value)?.focus({ preventScroll: true });
  }, [form]);
}
