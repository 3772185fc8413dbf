import { Link } from "react-router";
import { strings } from "@/shared/lib/i18n";
import { paths } from "@/shared/lib/paths";
import { ago, fullDate } from "@/shared/lib/time/format";
import { useTick } from "@/shared/lib/time/ticker";
import { createdAt, type Post } from "./post";

interface AuthorLineProps {
  post: Post;
  id: string;
  /** Whether the time links to the post and the link covers the card around it. */
  linked?: boolean;
}

/** Who, and how long ago. */
export function AuthorLine({ post, id, linked = true }: AuthorLineProps) {
  const age = useTick((now) => ago(createdAt(post), now));
  const time = (
    <time dateTime={post.created_at} title={fullDate(createdAt(post))}>
      {age}
    </time>
  );
  return (
    <p className="flex min-w-0 items-baseline gap-x-1.5 leading-6">
      <Link
        to={paths.user(post.handle)}
        className="relative z-10 flex min-w-0 items-baseline gap-x-1.5 hover:underline"
      >
        <span id={id} className="truncate font-semibold text-ink">
          {post.display_name}
        </span>
        <span className="truncate text-soft">@{post.handle}</span>
      </Link>
      <span aria-hidden className="text-faint">
        ·
      </span>
      <span className="shrink-0 text-faint">
        {linked ? (
          <Link
            to={paths.post(post)}
            className="after:absolute after:inset-0 after:rounded-2xl hover:underline focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-(--focus)"
          >
            <span className="sr-only">{strings.post.by(post.display_name)}, </span>
            {time}
          </Link>
        ) : (
          time
        )}
      </span>
    </p>
  );
}
