import { Link } from "react-router";
import { useSession } from "@/shared/lib/auth/session";
import { strings } from "@/shared/lib/i18n";
import { paths } from "@/shared/lib/paths";
import { Mark } from "@/shared/ui/mark";
import { Wordmark } from "@/shared/ui/wordmark";
import { Account } from "./account";
import { ComposeButton } from "./compose-button";
import { DestinationLink } from "./destination-link";
import { useDestinations } from "./destinations";
import { FindButton } from "./find-button";

const item =
  "flex min-h-12 items-center gap-4 rounded-full px-3.5 text-start text-large font-medium text-soft transition-colors hover:bg-surface hover:text-ink aria-[current=page]:font-bold aria-[current=page]:text-ink";

/** The left column: with words on a wide window, icons only on a middle one. */
export function SideNav() {
  const session = useSession();
  const destinations = useDestinations();
  return (
    <header className="sticky top-0 hidden h-dvh shrink-0 flex-col py-6 ps-4 md:flex lg:w-60">
      <Link to={paths.home} className="flex items-center gap-3 rounded-full px-2 py-1">
        <Mark size={34} />
        <span className="sr-only lg:not-sr-only">
          <Wordmark />
        </span>
      </Link>
      <nav aria-label={strings.app.mainNavigation} className="mt-6 grid gap-1">
        {destinations.map(({ to, label, icon: Icon }) => (
          <DestinationLink key={label} to={to} className={item}>
            <Icon size={24} aria-hidden className="shrink-0" />
            <span className="sr-only lg:not-sr-only">{label}</span>
          </DestinationLink>
        ))}
        <FindButton className={item} />
        {session === "member" && (
          <ComposeButton className="mt-4 size-12 px-0! lg:h-12 lg:w-full lg:px-5!" />
        )}
      </nav>
      <div className="mt-auto">
        <Account />
      </div>
    </header>
  );
}
