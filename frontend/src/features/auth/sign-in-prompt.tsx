import { useEffect } from "react";
import { useLocation } from "react-router";
import { closeSignInPrompt, signInPrompt } from "@/shared/lib/auth/sign-in-prompt";
import { strings } from "@/shared/lib/i18n";
import { paths, withReturn } from "@/shared/lib/paths";
import { useStore } from "@/shared/lib/store";
import { Button, ButtonLink } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";

/** Asks visitors to sign in when they try to act, and brings them back to their page. It closes when the page changes. */
export function SignInPrompt() {
  const words = strings.auth.prompt;
  const open = useStore(signInPrompt);
  const { pathname, search, hash, key } = useLocation();
  const returnPath = pathname + search + hash;
  // biome-ignore lint/correctness/useExhaustiveDependencies: with every page
  useEffect(() => closeSignInPrompt, [key]);
  return (
    <Dialog open={open} title={words.title} onClose={closeSignInPrompt}>
      <p className="mt-3 mb-6 text-soft text-pretty">{words.body}</p>
      <div className="grid gap-3">
        <ButtonLink
          look="primary"
          to={withReturn(paths.signIn, returnPath)}
          onClick={closeSignInPrompt}
        >
          {strings.nav.signIn}
        </ButtonLink>
        <ButtonLink to={withReturn(paths.signUp, returnPath)} onClick={closeSignInPrompt}>
          {strings.welcome.join}
        </ButtonLink>
        <Button className="border-transparent" onClick={closeSignInPrompt}>
          {words.cancel}
        </Button>
      </div>
    </Dialog>
  );
}
