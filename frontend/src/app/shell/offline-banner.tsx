import { WifiOff } from "lucide-react";
import { strings } from "@/shared/lib/i18n";
import { online } from "@/shared/lib/online";
import { useStore } from "@/shared/lib/store";

/**
 * Says that there is no network, for as long as there is none. The region is always rendered, so that screen readers notice a
 * change.
 */
export function OfflineBanner() {
  const connected = useStore(online);
  return (
    <div role="status">
      {!connected && (
        <p className="flex items-center gap-2.5 rounded-full border border-edge bg-ink px-5 py-2.5 text-small font-medium text-canvas shadow-float">
          <WifiOff size={18} aria-hidden className="shrink-0" />
          {strings.offline}
        </p>
      )}
    </div>
  );
}
