import { useMutation } from "@tanstack/react-query";
import { Link, useNavigate } from "react-router";
import { loadUserPool } from "@/shared/lib/auth/load-user-pool";
import { strings } from "@/shared/lib/i18n";
import { wordsFor } from "@/shared/lib/i18n/error-words";
import { paths, withReturn } from "@/shared/lib/paths";
import { TextField } from "@/shared/ui/text-field";
import { AuthForm } from "./auth-form";
import { AuthPage, footerLink } from "./auth-page";
import { useAuthParams } from "./use-auth-params";

export default function ForgotPasswordPage() {
  const words = strings.auth.forgot;
  const navigate = useNavigate();
  const { next, email } = useAuthParams();
  const request = useMutation({
    mutationFn: async (username: string) => {
      const pool = await loadUserPool();
      await pool.resetPassword({ username });
    },
    onSuccess: (_, username) => navigate(withReturn(paths.resetPassword, next, username)),
  });
  return (
    <AuthPage
      title={words.title}
      lead={words.lead}
      footer={
        <Link to={withReturn(paths.signIn, next)} className={footerLink}>
          {words.back}
        </Link>
      }
    >
      <AuthForm
        onSubmit={({ email = "" }) => request.mutate(email.trim())}
        error={request.error ? wordsFor(request.error) : undefined}
        busy={request.isPending}
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
      </AuthForm>
    </AuthPage>
  );
}
