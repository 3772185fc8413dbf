import { useId } from "react";
import { Link } from "react-router";
import { AuthorLine } from "@/entities/post/author-line";
import { authorOf, type Post } from "@/entities/post/post";
import { PostText } from "@/entities/post/post-text";
import { useIsEmptied } from "@/entities/post/taken-back";
import { strings } from "@/shared/lib/i18n";
import { paths } from "@/shared/lib/paths";
import { Avatar } from "@/shared/ui/avatar";

interface AncestorsProps {
  posts: Post[];
  /** The first post of the thread, when it is not among `posts`. */
  root: Post | null;
}

/** The posts that a post replies to, root first, joined by a line. In a long thread a link to its start stands above them. */
export function Ancestors({ posts, root }: AncestorsProps) {
  return (
    <>
      {root && (
        <p className="px-4 md:px-5">
          <Link
            to={paths.post(root)}
            className="inline-flex min-h-11 items-center font-semibold text-link hover:underline"
          >
            {strings.thread.start}
          </Link>
        </p>
      )}
      {posts.map((post) => (
        <Ancestor key={post.uuid} post={post} />
      ))}
    </>
  );
}

function Ancestor({ post }: { post: Post }) {
  const id = useId();
  const author = authorOf(post);
  const emptied = useIsEmptied(post);
  return (
    <article
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a stop for the keyboard, as in a feed
      tabIndex={0}
      data-post={post.uuid}
      aria-labelledby={id}
      aria-describedby={emptied ? undefined : `${id}-text`}
      className="focus-ring-inside flex scroll-my-24 gap-3.5 px-4 pt-2 pb-4 md:px-5"
    >
      <div className="flex flex-col items-center">
        {emptied ? (
          <span className="size-11 rounded-full border-2 border-dotted border-edge" />
        ) : (
          <Avatar handle={author.handle} name={author.display_name} />
        )}
        <span className="mt-2 -mb-4 w-0.5 flex-1 bg-line" />
      </div>
      <div className="min-w-0 flex-1">
        {emptied ? (
          <p id={id} className="py-2 text-soft italic">
            {strings.post.deleted}
          </p>
        ) : (
          <>
            <AuthorLine post={post} id={id} />
            <PostText post={post} id={`${id}-text`} className="mt-1" />
          </>
        )}
      </div>
    </article>
  );
}
