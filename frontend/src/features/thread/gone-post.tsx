import { type ReactNode, useEffect } from "react";
import { strings } from "@/shared/lib/i18n";
import { focusContent } from "@/shared/ui/focus-content";
import { GonePage } from "@/shared/ui/gone-page";
import { usePageTitle } from "@/shared/ui/page-title";

interface GonePostProps {
  reason: "expired" | "deleted" | "lost" | "notFound";
  /** The reply that one had begun to write. */
  unsentReply: ReactNode;
}

/** Stands in place of a post that is gone or never existed, and shows nothing of what the post was. */
export function GonePost({ reason, unsentReply }: GonePostProps) {
  const words = strings.gone[reason];
  usePageTitle(words.title);
  useEffect(() => {
    // The post may have had the focus.
    if (document.activeElement === document.body) focusContent();
  }, []);
  return (
    <>
      <GonePage words={words} />
      {unsentReply}
    </>
  );
}
