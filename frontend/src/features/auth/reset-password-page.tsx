import { useMutation } from "@tanstack/react-query";
import { Link, Navigate, useNavigate } from "react-router";
import { loadUserPool } from "@/shared/lib/auth/load-user-pool";
import { strings } from "@/shared/lib/i18n";
import { wordsFor } from "@/shared/lib/i18n/error-words";
import { paths, withReturn } from "@/shared/lib/paths";
import { PasswordField } from "@/shared/ui/password-field";
import { AuthForm } from "./auth-form";
import { AuthPage, footerLink } from "./auth-page";
import { CodeField } from "./code-field";
import { OutboxHint } from "./outbox-hint";
import { useAuthParams } from "./use-auth-params";

export default function ResetPasswordPage() {
  const words = strings.auth.reset;
  const navigate = useNavigate();
  const { next, email } = useAuthParams();
  const reset = useMutation({
    mutationFn: async ({ code, password }: { code: string; password: string }) => {
      const pool = await loadUserPool();
      await pool.confirmResetPassword({
        username: email,
        confirmationCode: code,
        newPassword: password,
      });
    },
    onSuccess: () =>
      navigate(withReturn(paths.signIn, next, email), {
        replace: true,
        state: { notice: words.done },
      }),
  });
  if (!email) return <Navigate to={withReturn(paths.forgotPassword, next)} replace />;
  return (
    <AuthPage
      title={words.title}
      lead={words.lead(email)}
      footer={
        <Link to={withReturn(paths.forgotPassword, next, email)} className={footerLink}>
          {strings.auth.confirm.resend}
        </Link>
      }
    >
      <OutboxHint />
      <AuthForm
        onSubmit={({ code = "", password = "" }) => reset.mutate({ code, password })}
        error={reset.error ? wordsFor(reset.error) : undefined}
        busy={reset.isPending}
        submit={words.submit}
        submitBusy={words.busy}
      >
        <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
        <CodeField />
        <PasswordField
          label={strings.auth.newPassword}
          name="password"
          hint={strings.auth.passwordHint}
          autoComplete="new-password"
          minLength={8}
          required
        />
      </AuthForm>
    </AuthPage>
  );
}
