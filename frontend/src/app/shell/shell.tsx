import { lazy, type MouseEvent, Suspense } from "react";
import { Outlet, useLocation } from "react-router";
import { strings } from "@/shared/lib/i18n";
import { ErrorBoundary } from "@/shared/ui/error-boundary";
import { focusContent } from "@/shared/ui/focus-content";
import { Aside } from "./aside";
import { useAttention } from "./attention";
import { BottomTabs } from "./bottom-tabs";
import { useFocusKeeper } from "./focus-keeper";
import { useScrollKeeper } from "./scroll-keeper";
import { SideNav } from "./side-nav";
import { TopBar } from "./top-bar";

const Overlays = lazy(() => import("./overlays"));

/** Three columns on a wide window, an icon rail beside the page on a middle one, tabs below it on a narrow one. */
export function Shell() {
  const { pathname } = useLocation();
  useScrollKeeper();
  useFocusKeeper();
  useAttention();
  return (
    <>
      {/* biome-ignore lint/a11y/useValidAnchor: it leads to a place on the page */}
      <a
        href="#content"
        onClick={skip}
        className="fixed top-2 start-2 z-50 -translate-y-20 rounded-full bg-spark px-5 py-2.5 font-semibold text-on-spark focus:translate-y-0"
      >
        {strings.app.skip}
      </a>
      <TopBar />
      <div className="mx-auto flex max-w-[calc(var(--column)+34rem)] justify-center ps-(--safe-start) pe-(--safe-end) md:gap-6 lg:gap-10">
        <ErrorBoundary quiet>
          <SideNav />
        </ErrorBoundary>
        <main
          id="content"
          tabIndex={-1}
          className="min-h-dvh w-full max-w-(--column) min-w-0 pb-[calc(var(--below)+2rem)] outline-none md:pe-4 md:pb-10 lg:pe-0"
        >
          <ErrorBoundary key={pathname}>
            <Suspense>
              <Outlet />
            </Suspense>
          </ErrorBoundary>
        </main>
        <ErrorBoundary quiet>
          <Aside />
        </ErrorBoundary>
      </div>
      <BottomTabs />
      <Suspense>
        <Overlays />
      </Suspense>
    </>
  );
}

/** Skips to the content without a history entry, so that Back leads to the page before. */
function skip(event: MouseEvent): void {
  event.preventDefault();
  focusContent();
}
