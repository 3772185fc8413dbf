import { useId } from "react";
import { Link } from "react-router";
import { Fuse } from "@/entities/post/fuse";
import { LifeClock } from "@/entities/post/life-label";
import { authorOf, createdAt, type Post } from "@/entities/post/post";
import { PostActions } from "@/entities/post/post-actions";
import { PostText } from "@/entities/post/post-text";
import { useIsEmptied } from "@/entities/post/taken-back";
import { strings } from "@/shared/lib/i18n";
import { paths } from "@/shared/lib/paths";
import { fullDate } from "@/shared/lib/time/format";
import { Avatar } from "@/shared/ui/avatar";

/** The post that the page is about. */
export function FocalPost({ post }: { post: Post }) {
  const id = useId();
  const author = authorOf(post);
  const emptied = useIsEmptied(post);
  return (
    <article
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a stop for the keyboard, as in a feed
      tabIndex={0}
      data-post={post.uuid}
      data-focal
      aria-labelledby={id}
      aria-describedby={emptied ? undefined : `${id}-text`}
      className="focus-ring-inside scroll-my-24 px-4 pt-2 md:px-5"
    >
      {emptied ? (
        <h1 id={id} className="py-4 text-title-s text-soft italic">
          {strings.post.deleted}
        </h1>
      ) : (
        <>
          <div className="flex items-center gap-3.5">
            <Avatar handle={author.handle} name={author.display_name} />
            <h1 className="min-w-0 font-sans text-body tracking-normal">
              <Link to={paths.user(author.handle)} className="group block leading-snug">
                <span
                  id={id}
                  className="block truncate text-large font-semibold group-hover:underline"
                >
                  {author.display_name}
                </span>
                <span className="block truncate font-normal text-soft">
                  <bdi>@{author.handle}</bdi>
                </span>
              </Link>
            </h1>
          </div>
          <PostText post={post} id={`${id}-text`} className="mt-4 text-focal" />
          <time dateTime={post.created_at} className="mt-4 block text-small text-faint">
            {fullDate(createdAt(post))}
          </time>
        </>
      )}
      <div className="mt-4">
        <LifeClock post={post} />
        <Fuse post={post} size="large" />
      </div>
      {!emptied && (
        <div className="mt-1">
          <PostActions post={post} onReply={focusReplyBox} />
        </div>
      )}
    </article>
  );
}

function focusReplyBox(): void {
  const box = document.querySelector<HTMLElement>("#reply-box :is(textarea, button)");
  box?.focus();
}
