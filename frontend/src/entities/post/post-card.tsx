import { memo, useId } from "react";
import { Avatar } from "@/shared/ui/avatar";
import { AuthorLine } from "./author-line";
import { Fuse } from "./fuse";
import { LifeLabel } from "./life-label";
import type { Post } from "./post";
import { PostActions } from "./post-actions";
import { PostText } from "./post-text";
import { useOpenOnClick } from "./use-open-on-click";

interface PostCardProps {
  post: Post;
  /** Its place in the feed, from 1. */
  position: number;
}

/** A post in a list, standing on its fuse. */
export const PostCard = memo(function PostCard({ post, position }: PostCardProps) {
  const id = useId();
  const open = useOpenOnClick(post);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: by keyboard, the time is the link to the post
    <article
      onClick={open}
      aria-labelledby={id}
      aria-posinset={position}
      aria-setsize={-1}
      className="cursor-pointer px-4 pt-5 transition-colors duration-150 hover:bg-surface md:rounded-t-2xl md:px-5"
    >
      <div className="flex gap-3.5">
        <Avatar handle={post.handle} name={post.display_name} />
        <div className="min-w-0 flex-1">
          <div className="flex justify-between gap-4">
            <AuthorLine post={post} id={id} />
            <LifeLabel post={post} />
          </div>
          <PostText post={post} className="mt-1 line-clamp-16 text-[1.0625rem]" />
          <PostActions post={post} />
        </div>
      </div>
      <Fuse post={post} />
    </article>
  );
});
