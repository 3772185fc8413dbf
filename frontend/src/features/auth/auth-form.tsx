import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useEffect, useRef } from "react";
import { Button } from "@/shared/ui/button";
import { FormError } from "@/shared/ui/form-error";
import { type Problem, problemOf } from "./problem";
import { ProblemContext } from "./problem-context";

/** The form's fields by name. All are trimmed, except the password. */
export type Fields = Record<string, string>;

interface AuthFormProps<Result> {
  send: (fields: Fields) => Promise<Result>;
  onDone: (result: Result, fields: Fields) => void;
  /** Used instead of `problemOf`. */
  explain?: (error: unknown, fields: Fields) => Problem;
  submit: string;
  submitBusy: string;
  children: ReactNode;
}

/**
 * A native form with fields, an error and one button. It sends once at a time. After a failure the typed text stays, and the
 * field that caused the failure gets the focus.
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

/**
 * Gives the focus to the field that is wrong, and selects a code so that it can be typed anew. The button gets it when no field
 * is named: it was disabled and has lost it.
 */
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
 * Gives the focus to the first empty field, because these pages are there to be filled in; but not on devices whose on-screen
 * keyboard would then cover the page. Screen readers still announce the page's title, and the form's name and lead.
 */
function useFirstFocus(form: { current: HTMLFormElement | null }): void {
  useEffect(() => {
    if (!window.matchMedia(roomy).matches) return;
    const inputs = form.current?.querySelectorAll<HTMLInputElement>("input:not([readonly])");
    [...(inputs ?? [])].find((input) => !input.value)?.focus({ preventScroll: true });
  }, [form]);
}
