import { lazy, Suspense } from "react";
import { config } from "@/shared/lib/config";
import { strings } from "@/shared/lib/i18n";
import { paths } from "@/shared/lib/paths";

const LastLight = lazy(() => import("./last-light"));

/** The right column of a wide window. */
export function Aside() {
  return (
    <aside
      aria-label={strings.app.aside}
      className="sticky top-0 hidden h-dvh w-72 shrink-0 flex-col gap-8 py-8 pe-4 lg:flex"
    >
      <Suspense>
        <LastLight />
      </Suspense>
      <footer className="mt-auto flex flex-wrap gap-x-4 text-small text-faint">
        <span>{strings.app.tagline}</span>
        <a href={paths.apiDocs} className="hover:underline">
          {strings.nav.apiDocs}
        </a>
        {config().outbox && (
          <a href={paths.outbox} className="hover:underline">
            {strings.nav.outbox}
          </a>
        )}
      </footer>
    </aside>
  );
}
