import { strings } from "@/shared/lib/i18n";
import { paths } from "@/shared/lib/paths";
import { ButtonLink } from "./button";
import { EmptyState } from "./empty-state";

interface GonePageProps {
  words: { title: string; body: string };
}

/** Stands in place of a page that does not exist, or no longer does, and links to one that does. */
export function GonePage({ words }: GonePageProps) {
  return (
    <EmptyState heading="h1" title={words.title} body={words.body}>
      <ButtonLink look="primary" to={paths.home}>
        {strings.gone.home}
      </ButtonLink>
    </EmptyState>
  );
}
