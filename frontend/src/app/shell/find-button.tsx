import { Search } from "lucide-react";
import { showDialog } from "@/shared/lib/dialogs";
import { strings } from "@/shared/lib/i18n";

/** Opens the dialog that finds a person. Where there is room it has a label. */
export function FindButton({ className }: { className: string }) {
  return (
    <button type="button" className={className} onClick={() => showDialog("find")}>
      <Search size={24} aria-hidden className="shrink-0" />
      <span className="sr-only lg:not-sr-only">{strings.find.title}</span>
    </button>
  );
}
