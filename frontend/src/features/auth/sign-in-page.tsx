import { useEffect } from "react";
import { Link, useNavigate } from "react-router";
import { loadUserPool } from "@/shared/lib/auth/load-user-pool";
import { strings } from "@/shared/lib/i18n";
import { paths, withReturn } from "@/shared/lib/paths";
import { PasswordField } from "@/shared/ui/password-field";
import { AuthForm, type Fields } from "./auth-form";
import { AuthPage, textLink } from "./auth-page";
import { EmailField } from "./email-field";
import { type Entry, enter } from "./enter";
import { rememberPassword } from "./pending-password";
import { signInProblem } from "./problem";
import { useFieldError } from "./problem-context";
import { useAuthParams } from "./use-auth-params";
import { useNotice } from "./use-notice";

const signIn = ({ email = "", password = "" }: Fields) => enter(email, password);

export default function SignInPage() {
  const words = strings.auth.signIn;
  const navigate = useNavigate();
  const { next, email } = useAuthParams();

  useEffect(() => {
    // Loaded while the form is filled in. When it fails, submitting tries again.
    void loadUserPool().catch(() => undefined);
  }, []);

  const goOn = (entry: Entry, { email = "", password = "" }: Fields) => {
    // VisitorsOnly leads to the next page.
    if (entry === "inside") return;
    if (entry === "confirm") {
      rememberPassword(email, password);
      return navigate(withReturn(paths.confirm, next, email));
    }
    const notice = strings.errors.identity.PasswordResetRequiredException;
    return navigate(withReturn(paths.forgotPassword, next, email), { state: { notice } });
  };

  return (
    <AuthPage
      title={words.title}
      left={0.75}
      lead={useNotice()}
      footer={
        <>
          {strings.auth.signUp.none}
          <Link to={withReturn(paths.signUp, next)} className={textLink}>
            {strings.welcome.join}
          </Link>
        </>
      }
    >
      <AuthForm
        send={signIn}
        onDone={goOn}
        explain={signInProblem}
        submit={words.submit}
        submitBusy={words.busy}
      >
        <EmailField email={email} />
        <CurrentPasswordField />
      </AuthForm>
      <Link
        to={withReturn(paths.forgotPassword, next)}
        className={`${textLink} mt-3`}
        onClick={(event) => {
          event.preventDefault();
          navigate(withReturn(paths.forgotPassword, next, typedEmail()));
        }}
      >
        {words.forgot}
      </Link>
    </AuthPage>
  );
}

/** Takes the address that was typed so far along to the next page. */
const typedEmail = () => document.querySelector<HTMLInputElement>("#email")?.value.trim();

function CurrentPasswordField() {
  return (
    <PasswordField
      label={strings.auth.password}
      id="current-password"
      name="password"
      error={useFieldError("password")}
      autoComplete="current-password"
      enterKeyHint="go"
      required
    />
  );
}
