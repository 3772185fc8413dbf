import { Link } from "react-router";
import { Fuse } from "@/entities/post/fuse";
import { LifeLabel } from "@/entities/post/life-label";
import { expiresAt, type Post } from "@/entities/post/post";
import { useLoadedHome } from "@/entities/post/use-loaded-home";
import { strings } from "@/shared/lib/i18n";
import { paths } from "@/shared/lib/paths";
import { useTick } from "@/shared/lib/time/ticker";

const shown = 3;

/** Of the posts that are loaded, those that go soonest. */
export function LastLight() {
  const posts = useLoadedHome();
  const soonest = useTick((now) =>
    posts
      .filter((post) => expiresAt(post) > now)
      .sort((a, b) => expiresAt(a) - expiresAt(b))
      .slice(0, shown)
      .map((post) => post.uuid)
      .join(),
  );
  const chosen = soonest
    .split(",")
    .flatMap((uuid) => posts.find((post) => post.uuid === uuid) ?? []);
  if (chosen.length === 0) return null;
  return (
    <section aria-labelledby="last-light">
      <h2 id="last-light" className="text-xl">
        {strings.soon.title}
      </h2>
      <ul className="mt-3 grid grid-cols-1 gap-3">
        {chosen.map((post) => (
          <li key={post.uuid}>
            <Ember post={post} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Ember({ post }: { post: Post }) {
  return (
    <Link to={paths.post(post)} className="block rounded-xl hover:bg-surface">
      <span className="flex items-baseline justify-between gap-3">
        <span className="truncate font-semibold">{post.display_name}</span>
        <LifeLabel post={post} />
      </span>
      <Fuse post={post} />
    </Link>
  );
}
