import { Link } from "react-router";
import { useMe } from "@/entities/user/user-queries";
import { useSession } from "@/shared/lib/auth/session";
import { paths } from "@/shared/lib/paths";
import { Avatar } from "@/shared/ui/avatar";

/** The person who is signed in. */
export function Account() {
  const session = useSession();
  const me = useMe();
  // Keeps the place while the profile is being loaded.
  if (!me) return session === "member" ? <div className="h-13" /> : null;
  return (
    <Link
      to={paths.user(me.handle)}
      className="flex items-center gap-3 rounded-full p-1 hover:bg-surface"
    >
      <Avatar handle={me.handle} name={me.display_name} />
      <span className="sr-only min-w-0 leading-tight lg:not-sr-only">
        <span className="block truncate font-semibold">{me.display_name}</span>
        <span className="block truncate text-small text-soft">
          <bdi>@{me.handle}</bdi>
        </span>
      </span>
    </Link>
  );
}
