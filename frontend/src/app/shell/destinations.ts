import { House, LogIn, type LucideIcon, Settings2, UserRound } from "lucide-react";
import { useLocation } from "react-router";
import { useMe } from "@/entities/user/user-queries";
import { useSession } from "@/shared/lib/auth/session";
import { strings } from "@/shared/lib/i18n";
import { paths, safeNext, withReturn } from "@/shared/lib/paths";

interface Destination {
  /** Null while the person's handle is not known. */
  to: string | null;
  label: string;
  icon: LucideIcon;
}

/** The links of the navigation. For a visitor, those for members lead to sign-in and back. */
export function useDestinations(): Destination[] {
  const session = useSession();
  const me = useMe();
  const returnPath = useReturnPath();
  const home = { to: paths.home, label: strings.nav.home, icon: House };
  const settings = { to: paths.settings, label: strings.nav.settings, icon: Settings2 };
  if (session === "visitor") {
    const signIn = {
      to: withReturn(paths.signIn, returnPath),
      label: strings.nav.signIn,
      icon: LogIn,
    };
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

/** The page to return to after signing in. It stays the same from one sign-in page to the next. */
export function useReturnPath(): string {
  const { pathname, search, hash } = useLocation();
  if (!signInPages.includes(pathname)) return pathname + search + hash;
  return safeNext(new URLSearchParams(search).get("next"));
}
