// Applies a theme that is chosen in another tab.
import "@/shared/lib/theme";
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

// The composer's code is already here, with that of its dialog. So a page that shows it from now on, as after a sign-in, shows
// it at once.
void composer.preload();

// Loaded only when the page is complete, because installing the service worker would compete with it.
const Updates = lazy(() => whenIdle().then(() => import("../updates/updates")));

/**
 * Dialogs, toasts and banners, and what only screen readers hear. None is needed for the first paint, so all are loaded after
 * it.
 */
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
