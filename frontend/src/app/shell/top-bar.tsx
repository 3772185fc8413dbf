import { Link } from "react-router";
import { paths } from "@/shared/lib/paths";
import { Mark } from "@/shared/ui/mark";
import { Wordmark } from "@/shared/ui/wordmark";
import { ThemeSwitch } from "./theme-switch";

/** The name on a narrow window. */
export function TopBar() {
  return (
    <header className="sticky top-0 z-30 flex h-14 items-center justify-between bg-canvas/90 pe-1 ps-4 backdrop-blur-md md:hidden">
      <Link to={paths.home} className="flex items-center gap-2.5">
        <Mark />
        <Wordmark />
      </Link>
      <ThemeSwitch />
    </header>
  );
}
