import { chosenLanguage } from "@/shared/lib/i18n";
import { Button } from "@/shared/ui/button";
import { Wordmark } from "@/shared/ui/wordmark";

// The catalogue may be what could not be loaded.
const words = {
  en: { text: "Cruddur can't reach its server.", retry: "Try again" },
  de: { text: "Cruddur erreicht seinen Server nicht.", retry: "Noch einmal" },
};

/** Without its configuration and its texts the client can't start. */
export function BootFailure() {
  const { text, retry } = words[chosenLanguage()];
  return (
    <main className="grid min-h-dvh place-content-center justify-items-center gap-5 p-6 text-center">
      <Wordmark />
      <p role="alert">{text}</p>
      <Button look="primary" onClick={() => window.location.reload()}>
        {retry}
      </Button>
    </main>
  );
}
