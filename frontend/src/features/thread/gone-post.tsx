import { useEffect } from "react";
import { strings } from "@/shared/lib/i18n";
import { paths } from "@/shared/lib/paths";
import { ButtonLink } from "@/shared/ui/button";
import { EmptyState } from "@/shared/ui/empty-state";
import { usePageTitle } from "@/shared/ui/page-title";

/** In place of a post that is no more, or never was. Says nothing of what it was. */
export function GonePost({ why }: { why: "expired" | "deleted" | "notFound" }) {
  const { title, body } = strings.gone[why];
  usePageTitle(title);
  useEffect(focusPage, []);
  return (
    <EmptyState heading="h1" title={title} body={body}>
      <ButtonLink look="primary" to={paths.home}>
        {strings.gone.home}
      </ButtonLink>
    </EmptyState>
  );
}

/** The post may have had the focus when it went. */
function focusPage(): void {
  if (document.activeElement !== document.body) return;
  document.getElementById("content")?.focus({ preventScroll: true });
}
