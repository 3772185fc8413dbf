import { Fragment } from "react";
import { useSession } from "@/shared/lib/auth/session";
import { strings } from "@/shared/lib/i18n";
import { ComposeButton } from "./compose-button";
import { DestinationLink } from "./destination-link";
import { useDestinations } from "./destinations";

const tab =
  "grid min-h-14 min-w-0 flex-1 basis-0 place-items-center content-center gap-0.5 text-tiny font-medium text-soft aria-[current=page]:font-bold aria-[current=page]:text-ink";

/** The navigation of a narrow window, in reach of the thumb. */
export function BottomTabs() {
  const session = useSession();
  const destinations = useDestinations();
  return (
    <nav
      aria-label={strings.app.mainNavigation}
      className="fixed inset-x-0 bottom-0 z-30 flex items-center border-t border-line bg-canvas/95 px-(--safe-start) pb-(--safe-bottom) backdrop-blur-md md:hidden"
    >
      {destinations.map(({ to, label, icon: Icon }, index) => (
        <Fragment key={label}>
          {index === 1 && session === "member" && (
            <span className="grid flex-1 basis-0 place-items-center">
              <ComposeButton className="size-12 px-0!" />
            </span>
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
