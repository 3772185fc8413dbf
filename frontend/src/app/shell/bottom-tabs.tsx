import { Flame } from "lucide-react";
import { Fragment } from "react";
import { Link } from "react-router";
import { useSession } from "@/shared/lib/auth/session";
import { strings } from "@/shared/lib/i18n";
import { paths } from "@/shared/lib/paths";
import { DestinationLink } from "./destination-link";
import { useDestinations } from "./destinations";

const tab =
  "grid min-h-14 flex-1 place-items-center content-center gap-0.5 text-xs font-medium text-soft aria-[current=page]:font-bold aria-[current=page]:text-ink";

/** The navigation of a narrow window, in reach of the thumb. */
export function BottomTabs() {
  const session = useSession();
  const destinations = useDestinations();
  return (
    <nav
      aria-label={strings.app.mainNavigation}
      className="fixed inset-x-0 bottom-0 z-30 flex items-center border-t border-line bg-canvas/95 pb-[env(safe-area-inset-bottom)] backdrop-blur-md md:hidden"
    >
      {destinations.map(({ to, label, icon: Icon }, index) => (
        <Fragment key={label}>
          {index === 1 && session === "member" && (
            <Link
              to={paths.home}
              state={{ compose: true }}
              aria-label={strings.nav.post}
              className="grid size-12 place-items-center rounded-full bg-spark text-on-spark"
            >
              <Flame size={24} aria-hidden />
            </Link>
          )}
          <DestinationLink to={to} className={tab}>
            <Icon size={22} aria-hidden />
            {label}
          </DestinationLink>
        </Fragment>
      ))}
    </nav>
  );
}
