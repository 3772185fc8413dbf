import { useEffect } from "react";
import { strings } from "@/shared/lib/i18n";
import { createStore } from "@/shared/lib/store";

/** The page's name, for the window's title and for the announcer. */
export const pageTitle = createStore("");

export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = title ? `${title} · ${strings.app.name}` : strings.app.name;
    pageTitle.set(title);
  }, [title]);
}
