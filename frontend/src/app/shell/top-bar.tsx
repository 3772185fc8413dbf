import { Link } from "react-router";
import { paths } from "@/shared/lib/paths";
import { Mark } from "@/shared/ui/mark";
import { Wordmark } from "@/shared/ui/wordmark";
import { FindButton } from "./find-button";

/** The name on a narrow window. */
export function TopBar() {
  return (
    <header className="sticky top-0 z-30 flex h-(--top) items-center justify-between bg-canvas/90 ps-4 pe-1 pt-(--safe-top) backdrop-blur-md md:hidden">
      <Link to={paths.home} className="flex items-center gap-2.5">
        <Mark />
        <Wordmark />
      </Link>
      <FindButton className="grid size-12 place-items-center rounded-full text-soft hover:bg-surface hover:text-ink" />
    </header>
  );
}
