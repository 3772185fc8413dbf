import { useEffect } from "react";
import { strings } from "@/shared/lib/i18n";
import { createStore } from "@/shared/lib/store";
import { withoutDirections } from "@/shared/lib/text/directions";

/** The page's name, for the window's title and for the announcer. */
export const pageTitle = createStore("");

export function usePageTitle(title: string): void {
  useEffect(() => {
    const plain = withoutDirections(title);
    document.title = plain ? `${plain} · ${strings.app.name}` : strings.app.name;
    pageTitle.set(plain);
  }, [title]);
}
