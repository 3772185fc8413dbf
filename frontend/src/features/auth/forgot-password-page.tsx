import { Link, useNavigate } from "react-router";
import { strings } from "@/shared/lib/i18n";
import { paths, withReturn } from "@/shared/lib/paths";
import { AuthForm } from "./auth-form";
import { AuthPage, textLink } from "./auth-page";
import { noteCodeSent } from "./code-sent";
import { EmailField } from "./email-field";
import { requestReset } from "./request-reset";
import { useAuthParams } from "./use-auth-params";
import { useNotice } from "./use-notice";

export default function ForgotPasswordPage() {
  const words = strings.auth.forgot;
  const navigate = useNavigate();
  const { next, email } = useAuthParams();
  return (
    <AuthPage
      title={words.title}
      left={0.6}
      lead={useNotice() ?? words.lead}
      footer={
        <Link to={withReturn(paths.signIn, next)} className={textLink}>
          {words.back}
        </Link>
      }
    >
      <AuthForm
        send={({ email = "" }) => requestReset(email)}
        onDone={(_, { email = "" }) => {
          noteCodeSent("reset", email);
          return navigate(withReturn(paths.resetPassword, next, email));
        }}
        submit={words.submit}
        submitBusy={words.busy}
      >
        <EmailField email={email} last />
      </AuthForm>
    </AuthPage>
  );
}
