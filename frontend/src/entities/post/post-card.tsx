import { memo, useId } from "react";
import { Avatar } from "@/shared/ui/avatar";
import { AuthorLine } from "./author-line";
import { Fuse } from "./fuse";
import { LifeLabel } from "./life-label";
import { authorOf, type Post } from "./post";
import { PostActions } from "./post-actions";
import { PostText } from "./post-text";
import { useOpenCard } from "./use-open-card";

interface PostCardProps {
  post: Post;
  /** Its place in the feed, from 1. */
  position: number;
  /** The number of posts in the feed; -1 when more may follow. */
  size: number;
}

/** A post in a list, with its fuse below it. */
export const PostCard = memo(function PostCard({ post, position, size }: PostCardProps) {
  const id = useId();
  const author = authorOf(post);
  const handlers = useOpenCard(post);
  return (
    <article
      {...handlers}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the posts of a feed can have the focus
      tabIndex={0}
      data-post={post.uuid}
      aria-labelledby={id}
      aria-describedby={`${id}-text`}
      aria-posinset={position}
      aria-setsize={size}
      className="focus-ring-inside cursor-pointer scroll-my-24 px-4 pt-5 transition-colors duration-(--quick) hover:bg-surface md:rounded-t-note md:px-5"
    >
      <div className="flex gap-3.5">
        <Avatar handle={author.handle} name={author.display_name} />
        <div className="min-w-0 flex-1">
          <div className="flex justify-between gap-4">
            <AuthorLine post={post} id={id} />
            <LifeLabel post={post} />
          </div>
          <PostText post={post} id={`${id}-text`} className="mt-1 line-clamp-16 text-post" />
          <PostActions post={post} />
        </div>
      </div>
      <Fuse post={post} />
    </article>
  );
});
