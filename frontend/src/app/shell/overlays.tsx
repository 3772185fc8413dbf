import "@/shared/lib/theme"; // follows what is chosen in another tab
import { lazy, Suspense } from "react";
import { useLocation } from "react-router";
import { useUnfinishedDeletions } from "@/entities/post/use-unfinished-deletions";
import { SignInPrompt } from "@/features/auth/sign-in-prompt";
import { whenIdle } from "@/shared/lib/when-idle";
import { ErrorBoundary } from "@/shared/ui/error-boundary";
import { Toaster } from "@/shared/ui/toaster";
import { composer } from "../pages/home-page";
import { Dialogs } from "./dialogs";
import { OfflineBanner } from "./offline-banner";
import { RouteAnnouncer } from "./route-announcer";

// Its code has come with the dialog's. A page that shows it from now on, as after a sign-in, has it at once.
void composer.preload();

// Not before the page stands: the service worker's installation must not compete with it.
const Updates = lazy(() => whenIdle().then(() => import("../updates/updates")));

/** What comes up over the page, or is heard beside it. Nothing of it is needed for the first look, so it is loaded after it. */
export default function Overlays() {
  const { pathname } = useLocation();
  useUnfinishedDeletions();
  return (
    <>
      <ErrorBoundary key={pathname} quiet>
        <Dialogs />
        <SignInPrompt />
      </ErrorBoundary>
      <div className="pointer-events-none fixed inset-x-4 bottom-[calc(var(--below)+0.75rem)] z-40 flex flex-col items-center md:bottom-8 [&_p]:mt-2">
        {import.meta.env.PROD && (
          <Suspense>
            <Updates />
          </Suspense>
        )}
        <Toaster />
        <OfflineBanner />
      </div>
      <RouteAnnouncer />
    </>
  );
}
