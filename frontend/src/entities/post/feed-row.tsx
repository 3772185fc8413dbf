import { memo } from "react";
import { Nearby } from "@/shared/ui/nearby";
import { Living } from "./living";
import type { Post } from "./post";
import { PostCard } from "./post-card";

interface FeedRowProps {
  post: Post;
  /** Its place in the feed, from 1. */
  position: number;
  /** The number of posts in the feed; -1 when more may follow. */
  size: number;
  onGone: (post: Post) => void;
}

/** One post of a list. It is rendered again only when the post or its place changes. */
export const FeedRow = memo(function FeedRow({ post, position, size, onGone }: FeedRowProps) {
  return (
    <Living post={post} onGone={onGone}>
      <Nearby id={post.uuid}>
        <PostCard post={post} position={position} size={size} />
      </Nearby>
    </Living>
  );
});
