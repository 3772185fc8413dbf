import { useId } from "react";
import { AuthorLine } from "@/entities/post/author-line";
import type { Post } from "@/entities/post/post";
import { PostText } from "@/entities/post/post-text";
import { strings } from "@/shared/lib/i18n";
import { Avatar } from "@/shared/ui/avatar";

/** What the post answers, root first, joined by a line. */
export function Ancestors({ posts }: { posts: Post[] }) {
  return posts.map((post) => <Ancestor key={post.uuid} post={post} />);
}

function Ancestor({ post }: { post: Post }) {
  const id = useId();
  return (
    <article aria-labelledby={id} className="flex gap-3.5 px-4 pt-2 pb-4 md:px-5">
      <div className="flex flex-col items-center">
        {post.deleted ? (
          <span className="size-11 rounded-full border-2 border-dotted border-edge" />
        ) : (
          <Avatar handle={post.handle} name={post.display_name} />
        )}
        <span className="mt-2 -mb-4 w-0.5 flex-1 bg-line" />
      </div>
      <div className="min-w-0 flex-1">
        {post.deleted ? (
          <p id={id} className="py-2 text-soft italic">
            {strings.post.deleted}
          </p>
        ) : (
          <>
            <AuthorLine post={post} id={id} />
            <PostText post={post} className="mt-1" />
          </>
        )}
      </div>
    </article>
  );
}
