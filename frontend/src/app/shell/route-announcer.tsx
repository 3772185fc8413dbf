import { useStore } from "@/shared/lib/store";
import { pageTitle } from "@/shared/ui/page-title";

/** Tells screen readers which page has come up. */
export function RouteAnnouncer() {
  return (
    <div role="status" className="sr-only">
      {useStore(pageTitle)}
    </div>
  );
}
