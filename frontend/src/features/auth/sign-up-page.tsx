import { useMutation } from "@tanstack/react-query";
import { Link, useNavigate } from "react-router";
import { loadUserPool } from "@/shared/lib/auth/load-user-pool";
import { strings } from "@/shared/lib/i18n";
import { wordsFor } from "@/shared/lib/i18n/error-words";
import { paths, withReturn } from "@/shared/lib/paths";
import { PasswordField } from "@/shared/ui/password-field";
import { TextField } from "@/shared/ui/text-field";
import { AuthForm } from "./auth-form";
import { AuthPage, footerLink } from "./auth-page";
import { rememberSignUp } from "./pending-sign-up";
import { useAuthParams } from "./use-auth-params";

interface NewAccount {
  name: string;
  handle: string;
  email: string;
  password: string;
}

async function signUp({ name, handle, email, password }: NewAccount): Promise<void> {
  const pool = await loadUserPool();
  const userAttributes = { email, name, preferred_username: handle };
  await pool.signUp({ username: email, password, options: { userAttributes } });
  rememberSignUp(email, password);
}

const errorIs = (error: unknown, name: string) => error instanceof Error && error.name === name;

export default function SignUpPage() {
  const words = strings.auth.signUp;
  const navigate = useNavigate();
  const { next } = useAuthParams();
  const creation = useMutation({
    mutationFn: signUp,
    onSuccess: (_, { email }) => navigate(withReturn(paths.confirm, next, email)),
  });

  const { error } = creation;
  const said = error ? wordsFor(error) : undefined;
  const aboutHandle = errorIs(error, "AliasExistsException");
  const aboutEmail = errorIs(error, "UsernameExistsException");
  const aboutPassword = errorIs(error, "InvalidPasswordException");

  return (
    <AuthPage
      title={words.title}
      lead={words.lead}
      footer={
        <>
          {words.have}
          <Link to={withReturn(paths.signIn, next)} className={footerLink}>
            {strings.nav.signIn}
          </Link>
        </>
      }
    >
      <AuthForm
        onSubmit={({ name = "", handle = "", email = "", password = "" }) =>
          creation.mutate({
            name: name.trim(),
            handle: handle.trim().replace(/^@/, "").toLowerCase(),
            email: email.trim(),
            password,
          })
        }
        error={aboutHandle || aboutEmail || aboutPassword ? undefined : said}
        busy={creation.isPending}
        submit={words.submit}
        submitBusy={words.busy}
      >
        <TextField
          label={strings.auth.name}
          name="name"
          hint={strings.auth.nameHint}
          autoComplete="name"
          maxLength={100}
          required
        />
        <TextField
          label={strings.auth.handle}
          name="handle"
          hint={strings.auth.handleHint}
          error={aboutHandle ? said : undefined}
          autoComplete="nickname"
          autoCapitalize="none"
          spellCheck={false}
          pattern="@?[A-Za-z0-9_]{2,30}"
          title={strings.auth.handleHint}
          required
        />
        <TextField
          label={strings.auth.email}
          name="email"
          type="email"
          error={aboutEmail ? said : undefined}
          autoComplete="username"
          required
        />
        <PasswordField
          label={strings.auth.password}
          name="password"
          hint={strings.auth.passwordHint}
          error={aboutPassword ? said : undefined}
          autoComplete="new-password"
          minLength={8}
          required
        />
      </AuthForm>
    </AuthPage>
  );
}
