import { Flame } from "lucide-react";
import { showDialog } from "@/shared/lib/dialogs";
import { strings } from "@/shared/lib/i18n";
import { Button } from "@/shared/ui/button";

/** Opens the composer, from any page. Where there is room it has a label. */
export function ComposeButton({ className }: { className: string }) {
  return (
    <Button look="primary" className={className} onClick={() => showDialog("compose")}>
      <Flame size={22} aria-hidden className="shrink-0" />
      <span className="sr-only lg:not-sr-only">{strings.nav.post}</span>
    </Button>
  );
}
