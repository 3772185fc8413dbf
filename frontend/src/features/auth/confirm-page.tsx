import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import { useNavigate } from "react-router";
import { loadUserPool } from "@/shared/lib/auth/load-user-pool";
import { strings } from "@/shared/lib/i18n";
import { wordsFor } from "@/shared/lib/i18n/error-words";
import { paths, withReturn } from "@/shared/lib/paths";
import { TextField } from "@/shared/ui/text-field";
import { toast } from "@/shared/ui/toaster-store";
import { AuthForm } from "./auth-form";
import { AuthPage, footerLink } from "./auth-page";
import { CodeField } from "./code-field";
import { enter } from "./enter";
import { OutboxHint } from "./outbox-hint";
import { takePassword } from "./pending-sign-up";
import { useAuthParams } from "./use-auth-params";

interface Confirmation {
  email: string;
  code: string;
}

/** Confirms, and signs in when the password was chosen a moment ago on this page. */
async function confirm({ email, code }: Confirmation): Promise<"inside" | "outside"> {
  const pool = await loadUserPool();
  await pool.confirmSignUp({ username: email, confirmationCode: code });
  const password = takePassword(email);
  if (!password) return "outside";
  // The account is confirmed whatever comes now; who can't be let in at once signs in by hand.
  const entry = await enter(email, password).catch(() => "outside" as const);
  return entry === "inside" ? "inside" : "outside";
}

export default function ConfirmPage() {
  const words = strings.auth.confirm;
  const navigate = useNavigate();
  const { next, email } = useAuthParams();
  const emailInput = useRef<HTMLInputElement>(null);

  const confirmation = useMutation({
    mutationFn: confirm,
    onSuccess: (place, input) => {
      if (place === "inside") return navigate(next, { replace: true });
      const to = withReturn(paths.signIn, next, input.email);
      return navigate(to, { replace: true, state: { notice: words.done } });
    },
  });
  const resending = useMutation({
    mutationFn: async (username: string) => {
      const pool = await loadUserPool();
      await pool.resendSignUpCode({ username });
    },
    onSuccess: () => toast(words.resent),
  });

  const error = confirmation.error ?? resending.error;
  return (
    <AuthPage title={words.title} lead={email ? words.lead(email) : words.leadNoEmail}>
      <OutboxHint />
      <AuthForm
        onSubmit={(fields) => {
          resending.reset();
          confirmation.mutate({ email: (fields.email ?? email).trim(), code: fields.code ?? "" });
        }}
        error={error ? wordsFor(error) : undefined}
        busy={confirmation.isPending}
        submit={words.submit}
        submitBusy={words.busy}
      >
        {!email && (
          <TextField
            ref={emailInput}
            label={strings.auth.email}
            name="email"
            type="email"
            autoComplete="username"
            required
          />
        )}
        <CodeField />
      </AuthForm>
      <button
        type="button"
        className={`${footerLink} mt-3`}
        disabled={resending.isPending}
        onClick={() => {
          confirmation.reset();
          const username = email || emailInput.current?.value.trim();
          if (username) resending.mutate(username);
          else emailInput.current?.reportValidity();
        }}
      >
        {words.resend}
      </button>
    </AuthPage>
  );
}
