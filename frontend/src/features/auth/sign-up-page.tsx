import type { FormEvent } from "react";
import { Link, useNavigate } from "react-router";
import { loadUserPool } from "@/shared/lib/auth/load-user-pool";
import { strings } from "@/shared/lib/i18n";
import { paths, withReturn } from "@/shared/lib/paths";
import { normalisePassword } from "@/shared/lib/text/password";
import { nameRule, type TextFault, textFault } from "@/shared/lib/text/rule";
import { TextField } from "@/shared/ui/text-field";
import { AuthForm, type Fields } from "./auth-form";
import { AuthPage, textLink } from "./auth-page";
import { noteCodeSent } from "./code-sent";
import { EmailField } from "./email-field";
import { NewPasswordField } from "./new-password-field";
import { rememberPassword } from "./pending-password";
import { isNamed, type Problem, problemOf } from "./problem";
import { useFieldError } from "./problem-context";
import { useAuthParams } from "./use-auth-params";

/** Whether the code was sent. The account exists in both cases. */
type Delivery = "sent" | "undelivered";

async function signUp(fields: Fields): Promise<Delivery> {
  const { name = "", handle = "", email = "" } = fields;
  const password = normalisePassword(fields.password ?? "");
  const preferred_username = handle.replace(/^@/, "").toLowerCase();
  const userAttributes = { email, name, preferred_username };
  const pool = await loadUserPool();
  const delivery = await pool
    .signUp({ username: email, password, options: { userAttributes } })
    .then(
      () => "sent" as const,
      (error: unknown) => {
        if (isNamed(error, "CodeDeliveryFailureException")) return "undelivered" as const;
        throw error;
      },
    );
  rememberPassword(email, password);
  if (delivery === "sent") noteCodeSent("sign-up", email);
  return delivery;
}

function explain(error: unknown, { email = "" }: Fields): Problem {
  const problem = problemOf(error);
  if (!isNamed(error, "UsernameExistsException")) return problem;
  return { ...problem, text: <AccountExists words={problem.text} email={email} /> };
}

export default function SignUpPage() {
  const words = strings.auth.signUp;
  const navigate = useNavigate();
  const { next } = useAuthParams();
  return (
    <AuthPage
      title={words.title}
      left={0.9}
      lead={words.lead}
      footer={
        <>
          {words.have}
          <Link to={withReturn(paths.signIn, next)} className={textLink}>
            {strings.nav.signIn}
          </Link>
        </>
      }
    >
      <AuthForm
        send={signUp}
        onDone={(delivery, { email }) =>
          navigate(withReturn(paths.confirm, next, email), { state: { delivery } })
        }
        explain={explain}
        submit={words.submit}
        submitBusy={words.busy}
      >
        <NameField />
        <HandleField />
        <EmailField />
        <NewPasswordField label={strings.auth.password} />
      </AuthForm>
    </AuthPage>
  );
}

/** What is wrong with a name. The browser itself tells when it is missing. */
function nameProblem(fault: TextFault | undefined): string {
  const { problems } = strings.auth;
  switch (fault) {
    case undefined:
      return "";
    case "blank":
      return problems.nameUnseen;
    case "marks":
      return problems.nameMarks;
    case "directions":
      return problems.nameDirections;
    default:
      return problems.name;
  }
}

function checkName({ currentTarget: input }: FormEvent<HTMLInputElement>): void {
  input.setCustomValidity(input.value ? nameProblem(textFault(input.value, nameRule)) : "");
}

function NameField() {
  return (
    <TextField
      label={strings.auth.name}
      id="name"
      name="name"
      hint={strings.auth.nameHint}
      error={useFieldError("name")}
      autoComplete="name"
      enterKeyHint="next"
      onInput={checkName}
      required
    />
  );
}

function HandleField() {
  return (
    <TextField
      label={strings.auth.handle}
      id="handle"
      name="handle"
      hint={strings.auth.handleHint}
      error={useFieldError("handle")}
      autoComplete="nickname"
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      enterKeyHint="next"
      pattern="@?[A-Za-z0-9_]{2,30}"
      title={strings.auth.handleHint}
      required
    />
  );
}

interface AccountExistsProps {
  words: Problem["text"];
  email: string;
}

/** Links for people who have an account already. */
function AccountExists({ words, email }: AccountExistsProps) {
  const { next } = useAuthParams();
  return (
    <>
      {words}{" "}
      <Link to={withReturn(paths.signIn, next, email)} className={textLink}>
        {strings.nav.signIn}
      </Link>
      {" · "}
      <Link to={withReturn(paths.forgotPassword, next, email)} className={textLink}>
        {strings.auth.forgot.title}
      </Link>
    </>
  );
}
