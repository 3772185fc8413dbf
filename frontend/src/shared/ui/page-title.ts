import { useEffect } from "react";
import { createStore } from "@/shared/lib/store";
import { withoutDirections } from "@/shared/lib/text/directions";

/** The page's name, for the window's title and for the announcer. */
export const pageTitle = createStore("");

export function usePageTitle(title: string): void {
  useEffect(() => pageTitle.set(withoutDirections(title)), [title]);
}
