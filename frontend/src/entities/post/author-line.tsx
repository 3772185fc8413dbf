import { Link } from "react-router";
import { strings } from "@/shared/lib/i18n";
import { paths } from "@/shared/lib/paths";
import { ago, fullDate } from "@/shared/lib/time/format";
import { useTick } from "@/shared/lib/time/ticker";
import { authorOf, createdAt, type Post } from "./post";

interface AuthorLineProps {
  post: Post;
  /** For the name, so that the article can be named after it. */
  id: string;
}

/** The author and the age of a post, on one line, or on two where there is little room. */
export function AuthorLine({ post, id }: AuthorLineProps) {
  const author = authorOf(post);
  const age = useTick((now) => ago(createdAt(post), now));
  return (
    <div className="min-w-0 leading-6 sm:flex sm:items-baseline sm:gap-x-1.5">
      <Link
        to={paths.user(author.handle)}
        id={id}
        className="block max-w-full shrink-[0.3] truncate font-semibold text-ink hover:underline"
      >
        {author.display_name}
      </Link>
      <p className="flex min-w-0 items-baseline gap-x-1.5 text-small leading-6 sm:text-body">
        <span className="truncate text-soft">
          <bdi>@{author.handle}</bdi>
        </span>
        <span aria-hidden className="text-faint">
          ·
        </span>
        <Link
          to={paths.post(post)}
          data-action="open"
          className="min-w-6 shrink-0 text-faint hover:underline"
        >
          <span className="sr-only">{strings.post.by(author.display_name)}, </span>
          <time dateTime={post.created_at} title={fullDate(createdAt(post))}>
            <bdi>{age}</bdi>
          </time>
        </Link>
      </p>
    </div>
  );
}
