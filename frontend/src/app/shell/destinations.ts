import { House, LogIn, type LucideIcon, Settings2, UserRound } from "lucide-react";
import { useLocation } from "react-router";
import { useMe } from "@/entities/user/user-queries";
import { useSession } from "@/shared/lib/auth/session";
import { strings } from "@/shared/lib/i18n";
import { paths, safeNext, withReturn } from "@/shared/lib/paths";

interface Destination {
  /** Null until it is known whose page it is. */
  to: string | null;
  label: string;
  icon: LucideIcon;
}

/** Where the navigation leads; for a visitor, to sign-in and back. */
export function useDestinations(): Destination[] {
  const session = useSession();
  const me = useMe();
  const here = useReturnPath();
  const home = { to: paths.home, label: strings.nav.home, icon: House };
  const settings = { to: paths.settings, label: strings.nav.settings, icon: Settings2 };
  if (session === "visitor") {
    const signIn = { to: withReturn(paths.signIn, here), label: strings.nav.signIn, icon: LogIn };
    return [home, signIn, settings];
  }
  const profile = {
    to: me ? paths.user(me.handle) : null,
    label: strings.nav.profile,
    icon: UserRound,
  };
  return [home, profile, settings];
}

const signInPages: readonly string[] = [
  paths.signIn,
  paths.signUp,
  paths.confirm,
  paths.forgotPassword,
  paths.resetPassword,
];

/** The page to come back to after signing in; from one sign-in page to another it stays the same. */
export function useReturnPath(): string {
  const { pathname, search, hash } = useLocation();
  if (!signInPages.includes(pathname)) return pathname + search + hash;
  return safeNext(new URLSearchParams(search).get("next"));
}
