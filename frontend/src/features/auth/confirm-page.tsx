import { Link, useLocation, useNavigate } from "react-router";
import { loadUserPool } from "@/shared/lib/auth/load-user-pool";
import { strings } from "@/shared/lib/i18n";
import { paths, withReturn } from "@/shared/lib/paths";
import { AuthForm, type Fields } from "./auth-form";
import { AuthPage, textLink } from "./auth-page";
import { CodeField } from "./code-field";
import { EmailField, GivenEmail } from "./email-field";
import { enter } from "./enter";
import { OutboxHint } from "./outbox-hint";
import { takePassword } from "./pending-password";
import { isConfirmedAlready } from "./problem";
import { ResendCode } from "./resend-code";
import { useAuthParams } from "./use-auth-params";

/** Confirms the account, and signs in when the password was typed a moment ago. */
async function confirm({ email = "", code = "" }: Fields): Promise<"inside" | "outside"> {
  const pool = await loadUserPool();
  await pool.confirmSignUp({ username: email, confirmationCode: code }).catch((error: unknown) => {
    if (!isConfirmedAlready(error)) throw error;
  });
  const password = takePassword(email);
  if (!password) return "outside";
  // The account is confirmed even when this fails; one then signs in by hand.
  const entry = await enter(email, password).catch(() => "outside" as const);
  return entry === "inside" ? "inside" : "outside";
}

const resend = async (username: string) => (await loadUserPool()).resendSignUpCode({ username });

export default function ConfirmPage() {
  const words = strings.auth.confirm;
  const navigate = useNavigate();
  const { next, email } = useAuthParams();
  const undelivered = useLocation().state?.delivery === "undelivered";
  const lead = undelivered ? words.undelivered : words.lead(email);
  return (
    <AuthPage
      title={words.title}
      left={0.45}
      lead={email ? lead : words.leadNoEmail}
      footer={
        <>
          {words.wrongAddress}
          <Link to={withReturn(paths.signUp, next)} className={textLink}>
            {words.again}
          </Link>
        </>
      }
    >
      <OutboxHint />
      <AuthForm
        send={confirm}
        onDone={(place, { email }) => {
          // VisitorsOnly leads to the next page.
          if (place === "inside") return;
          const state = { notice: words.done };
          return navigate(withReturn(paths.signIn, next, email), { replace: true, state });
        }}
        submit={words.submit}
        submitBusy={words.busy}
      >
        {email ? <GivenEmail email={email} /> : <EmailField />}
        <CodeField />
        <ResendCode purpose="sign-up" email={email} send={resend} />
      </AuthForm>
    </AuthPage>
  );
}
