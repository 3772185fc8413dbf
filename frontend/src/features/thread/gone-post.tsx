import { type ReactNode, useEffect } from "react";
import { strings } from "@/shared/lib/i18n";
import { focusContent } from "@/shared/ui/focus-content";
import { GonePage } from "@/shared/ui/gone-page";
import { usePageTitle } from "@/shared/ui/page-title";

interface GonePostProps {
  why: "expired" | "deleted" | "notFound";
  /** What one had begun to answer. */
  unsent: ReactNode;
}

/** In place of a post that is no more, or never was. Says nothing of what it was. */
export function GonePost({ why, unsent }: GonePostProps) {
  const words = strings.gone[why];
  usePageTitle(words.title);
  useEffect(() => {
    if (document.activeElement === document.body) focusContent(); // the post may have had it
  }, []);
  return (
    <>
      <GonePage words={words} />
      {unsent}
    </>
  );
}
