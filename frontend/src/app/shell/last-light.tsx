import { useMemo } from "react";
import { Link } from "react-router";
import { Fuse } from "@/entities/post/fuse";
import { LifeLabel } from "@/entities/post/life-label";
import { authorOf, expiresAt, type Post } from "@/entities/post/post";
import { useLoadedHome } from "@/entities/post/use-loaded-home";
import { strings } from "@/shared/lib/i18n";
import { paths } from "@/shared/lib/paths";
import { useTick } from "@/shared/lib/time/ticker";

const shown = 3;

function soonestFirst(posts: Post[]): Post[] {
  const ends = new Map(posts.map((post) => [post, expiresAt(post)]));
  return posts.toSorted((a, b) => (ends.get(a) ?? 0) - (ends.get(b) ?? 0));
}

/** Those of the loaded posts that expire first. */
export default function LastLight() {
  const home = useLoadedHome();
  const posts = useMemo(() => soonestFirst(home), [home]);
  const next = useTick((now) => posts.findIndex((post) => expiresAt(post) > now));
  if (next < 0) return null;
  const chosen = posts.slice(next, next + shown);
  return (
    <section aria-labelledby="last-light">
      <h2 id="last-light" className="text-title-s">
        {strings.soon.title}
      </h2>
      <p className="text-small text-faint">{strings.soon.lead}</p>
      {/* Keyed by the posts: other posts are a new list, so that none is seen to move. */}
      <ul key={chosen.map(({ uuid }) => uuid).join()} className="mt-3 grid grid-cols-1 gap-3">
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
    <Link to={paths.post(post)} className="block rounded-field hover:bg-surface">
      <span className="flex items-baseline justify-between gap-3">
        <span className="truncate font-semibold">{authorOf(post).display_name}</span>
        <LifeLabel post={post} />
      </span>
      <Fuse post={post} />
    </Link>
  );
}
