import { useEffect } from "react";
import { freshCount } from "@/entities/post/fresh-count";
import { strings } from "@/shared/lib/i18n";
import { useStore } from "@/shared/lib/store";
import { pageTitle } from "@/shared/ui/page-title";

/** Sets the window's title and icon, which tell the page and whether new posts wait. */
export function useAttention(): void {
  const title = useStore(pageTitle);
  const waiting = useStore(freshCount);

  useEffect(() => {
    const name = title ? `${title} · ${strings.app.name}` : strings.app.name;
    document.title = waiting > 0 ? `(${waiting}) ${name}` : name;
  }, [title, waiting]);

  useEffect(() => {
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (icon) icon.href = waiting > 0 ? "/icon-waiting.svg" : "/icon.svg";
  }, [waiting]);
}
