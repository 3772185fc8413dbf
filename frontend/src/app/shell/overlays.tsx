import "@/shared/lib/theme"; // follows what is chosen in another tab
import { useLocation } from "react-router";
import { useUnfinishedDeletions } from "@/entities/post/use-unfinished-deletions";
import { SignInPrompt } from "@/features/auth/sign-in-prompt";
import { ErrorBoundary } from "@/shared/ui/error-boundary";
import { Toaster } from "@/shared/ui/toaster";
import { Dialogs } from "./dialogs";
import { OfflineBanner } from "./offline-banner";
import { RouteAnnouncer } from "./route-announcer";

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
      <Toaster />
      <OfflineBanner />
      <RouteAnnouncer />
    </>
  );
}
