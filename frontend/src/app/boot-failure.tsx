import { strings } from "@/shared/lib/i18n";
import { Button } from "@/shared/ui/button";
import { Wordmark } from "@/shared/ui/wordmark";

/** Without its configuration the client can't start. */
export function BootFailure() {
  return (
    <main className="grid min-h-dvh place-content-center justify-items-center gap-5 p-6 text-center">
      <Wordmark />
      <p role="alert">{strings.problem.boot}</p>
      <Button look="primary" onClick={() => window.location.reload()}>
        {strings.problem.retry}
      </Button>
    </main>
  );
}
