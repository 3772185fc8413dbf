import { Heart } from "lucide-react";
import { strings } from "@/shared/lib/i18n";
import { ActionButton } from "./action-button";
import type { Post } from "./post";
import { useLike } from "./use-like";

export function LikeButton({ post }: { post: Post }) {
  const like = useLike();
  return (
    <ActionButton
      icon={Heart}
      label={strings.post.like}
      count={post.likes_count}
      filled={post.liked}
      aria-pressed={post.liked}
      className={post.liked ? "text-like! hover:text-like" : "hover:text-like!"}
      onClick={() => like(post)}
    />
  );
}
