import { strings } from "@/shared/lib/i18n";
import { Button } from "@/shared/ui/button";
import { EmptyState } from "@/shared/ui/empty-state";

/** When the shell itself breaks, or a chunk of the client can't be loaded. */
export function BrokenPage() {
  return (
    <main className="grid min-h-dvh place-content-center">
      <EmptyState heading="h1" title={strings.problem.paneTitle} body={strings.problem.paneBody}>
        <Button look="primary" onClick={() => window.location.reload()}>
          {strings.problem.retry}
        </Button>
      </EmptyState>
    </main>
  );
}
