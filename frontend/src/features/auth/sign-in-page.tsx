import { useMutation } from "@tanstack/react-query";
import { useEffect } from "react";
import { Link, useLocation, useNavigate } from "react-router";
import { loadUserPool } from "@/shared/lib/auth/load-user-pool";
import { strings } from "@/shared/lib/i18n";
import { wordsFor } from "@/shared/lib/i18n/error-words";
import { paths, withReturn } from "@/shared/lib/paths";
import { PasswordField } from "@/shared/ui/password-field";
import { TextField } from "@/shared/ui/text-field";
import { AuthForm } from "./auth-form";
import { AuthPage, footerLink } from "./auth-page";
import { enter } from "./enter";
import { useAuthParams } from "./use-auth-params";

export default function SignInPage() {
  const words = strings.auth.signIn;
  const navigate = useNavigate();
  const { next, email } = useAuthParams();
  const notice = useNotice();

  useEffect(() => {
    void loadUserPool().catch(() => undefined); // while the form is filled in; submitting tries again
  }, []);

  const signIn = useMutation({
    mutationFn: ({ email, password }: { email: string; password: string }) =>
      enter(email, password),
    onSuccess: (entry, input) => {
      if (entry === "inside") return navigate(next, { replace: true });
      const page = entry === "confirm" ? paths.confirm : paths.forgotPassword;
      return navigate(withReturn(page, next, input.email));
    },
  });

  return (
    <AuthPage
      title={words.title}
      lead={notice}
      footer={
        <>
          {strings.auth.signUp.none}
          <Link to={withReturn(paths.signUp, next)} className={footerLink}>
            {strings.welcome.join}
          </Link>
        </>
      }
    >
      <AuthForm
        onSubmit={({ email = "", password = "" }) =>
          signIn.mutate({ email: email.trim(), password })
        }
        error={signIn.error ? wordsFor(signIn.error) : undefined}
        busy={signIn.isPending}
        submit={words.submit}
        submitBusy={words.busy}
      >
        <TextField
          label={strings.auth.email}
          name="email"
          type="email"
          autoComplete="username"
          defaultValue={email}
          required
        />
        <PasswordField
          label={strings.auth.password}
          name="password"
          autoComplete="current-password"
          required
        />
      </AuthForm>
      <Link to={withReturn(paths.forgotPassword, next)} className={`${footerLink} mt-3`}>
        {words.forgot}
      </Link>
    </AuthPage>
  );
}

/** What the page before has to say, such as "Your password is changed". */
function useNotice(): string | undefined {
  const state: unknown = useLocation().state;
  if (typeof state !== "object" || state === null || !("notice" in state)) return undefined;
  return typeof state.notice === "string" ? state.notice : undefined;
}
