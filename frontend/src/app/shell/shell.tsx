import { lazy, Suspense } from "react";
import { Outlet, useLocation } from "react-router";
import { SignInPrompt } from "@/features/auth/sign-in-prompt";
import { strings } from "@/shared/lib/i18n";
import { whenIdle } from "@/shared/lib/when-idle";
import { ErrorBoundary } from "@/shared/ui/error-boundary";
import { Toaster } from "@/shared/ui/toaster";
import { Aside } from "./aside";
import { BottomTabs } from "./bottom-tabs";
import { RouteAnnouncer } from "./route-announcer";
import { useScrollKeeper } from "./scroll-keeper";
import { SideNav } from "./side-nav";
import { TopBar } from "./top-bar";

// Not before the page stands: the service worker's installation must not compete with it.
const Updates = lazy(() => whenIdle().then(() => import("../updates/updates")));

/** Three columns on a wide window, an icon rail beside the page on a middle one, tabs below it on a narrow one. */
export function Shell() {
  const { pathname } = useLocation();
  useScrollKeeper();
  return (
    <>
      <a
        href="#content"
        className="fixed top-2 left-2 z-50 -translate-y-20 rounded-full bg-spark px-5 py-2.5 font-semibold text-on-spark focus:translate-y-0"
      >
        {strings.app.skip}
      </a>
      <TopBar />
      <div className="mx-auto flex max-w-[calc(var(--column)+34rem)] justify-center md:gap-6 lg:gap-10">
        <SideNav />
        <main
          id="content"
          tabIndex={-1}
          className="min-h-dvh w-full max-w-(--column) min-w-0 pb-24 outline-none md:pr-4 md:pb-10 lg:pr-0"
        >
          <ErrorBoundary key={pathname}>
            <Suspense>
              <Outlet />
            </Suspense>
          </ErrorBoundary>
        </main>
        <Aside />
      </div>
      <BottomTabs />
      <SignInPrompt />
      <Toaster />
      {import.meta.env.PROD && (
        <Suspense>
          <Updates />
        </Suspense>
      )}
      <RouteAnnouncer />
    </>
  );
}
