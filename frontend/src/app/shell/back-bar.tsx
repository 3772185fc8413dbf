import { ArrowLeft } from "lucide-react";
import { useLocation, useNavigate } from "react-router";
import { strings } from "@/shared/lib/i18n";
import { paths } from "@/shared/lib/paths";

/** The way back; home when the page was the first one. */
export function BackBar() {
  const navigate = useNavigate();
  const { key } = useLocation();
  return (
    <div className="sticky top-(--top) z-20 bg-canvas/90 px-1.5 py-1 backdrop-blur-md md:top-0 md:px-2 md:py-3">
      <button
        type="button"
        onClick={() => (key === "default" ? navigate(paths.home) : navigate(-1))}
        className="inline-flex min-h-11 items-center gap-2.5 rounded-full px-3 font-semibold text-soft hover:bg-surface hover:text-ink"
      >
        <ArrowLeft size={20} aria-hidden className="rtl:-scale-x-100" />
        {strings.nav.back}
      </button>
    </div>
  );
}
