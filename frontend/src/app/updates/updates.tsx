import { X } from "lucide-react";
import { useEffect, useState } from "react";
import { strings } from "@/shared/lib/i18n";
import { useStore } from "@/shared/lib/store";
import { Button } from "@/shared/ui/button";
import { passFocusOn } from "@/shared/ui/focus-content";
import { keepUpToDate, newVersion, takeOver } from "./new-version";

/** Says that a newer build waits. It takes over when a person agrees, or once all tabs were closed. */
export default function Updates() {
  const worker = useStore(newVersion);
  const [putOff, setPutOff] = useState<ServiceWorker | null>(null);

  useEffect(() => {
    void keepUpToDate();
  }, []);

  return (
    <div role="status">
      {worker && worker !== putOff && (
        <p
          ref={passFocusOn}
          className="pointer-events-auto flex items-center gap-2 rounded-full border border-edge bg-raised py-1 ps-5 pe-1 shadow-float"
        >
          {strings.update.ready}
          <Button
            look="primary"
            className="ms-2 shrink-0 whitespace-nowrap"
            onClick={() => takeOver(worker)}
          >
            {strings.update.reload}
          </Button>
          <button
            type="button"
            className="grid size-11 shrink-0 place-items-center rounded-full text-soft hover:text-ink"
            aria-label={strings.update.later}
            onClick={() => setPutOff(worker)}
          >
            <X size={18} aria-hidden />
          </button>
        </p>
      )}
    </div>
  );
}
