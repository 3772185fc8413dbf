import { Link, Navigate, useNavigate } from "react-router";
import { loadUserPool } from "@/shared/lib/auth/load-user-pool";
import { strings } from "@/shared/lib/i18n";
import { paths, withReturn } from "@/shared/lib/paths";
import { normalisePassword } from "@/shared/lib/text/password";
import { AuthForm, type Fields } from "./auth-form";
import { AuthPage, textLink } from "./auth-page";
import { CodeField } from "./code-field";
import { GivenEmail } from "./email-field";
import { NewPasswordField } from "./new-password-field";
import { OutboxHint } from "./outbox-hint";
import { requestReset } from "./request-reset";
import { ResendCode } from "./resend-code";
import { useAuthParams } from "./use-auth-params";

async function reset({ email = "", code = "", password = "" }: Fields): Promise<void> {
  const pool = await loadUserPool();
  const input = {
    username: email,
    confirmationCode: code,
    newPassword: normalisePassword(password),
  };
  await pool.confirmResetPassword(input);
}

export default function ResetPasswordPage() {
  const words = strings.auth.reset;
  const navigate = useNavigate();
  const { next, email } = useAuthParams();
  if (!email) return <Navigate to={withReturn(paths.forgotPassword, next)} replace />;
  return (
    <AuthPage
      title={words.title}
      left={0.3}
      lead={words.lead(email)}
      footer={
        <>
          {strings.auth.confirm.wrongAddress}
          <Link to={withReturn(paths.forgotPassword, next)} className={textLink}>
            {strings.auth.confirm.again}
          </Link>
        </>
      }
    >
      <OutboxHint />
      <AuthForm
        send={reset}
        onDone={() => {
          const state = { notice: words.done };
          return navigate(withReturn(paths.signIn, next, email), { replace: true, state });
        }}
        submit={words.submit}
        submitBusy={words.busy}
      >
        <GivenEmail email={email} />
        <CodeField />
        <ResendCode purpose="reset" email={email} send={requestReset} />
        <NewPasswordField label={strings.auth.newPassword} />
      </AuthForm>
    </AuthPage>
  );
}
