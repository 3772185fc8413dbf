import { strings } from "@/shared/lib/i18n";
import { GonePage } from "@/shared/ui/gone-page";
import { usePageTitle } from "@/shared/ui/page-title";

export function NotFoundPage() {
  usePageTitle(strings.gone.notFound.title);
  return <GonePage words={strings.gone.notFound} />;
}
