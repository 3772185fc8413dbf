import { Heart } from "lucide-react";
import { strings } from "@/shared/lib/i18n";
import { ActionButton } from "./action-button";
import { useShownLike } from "./likes-under-way";
import type { Post } from "./post";
import { useLike } from "./use-like";

export function LikeButton({ post }: { post: Post }) {
  const like = useLike();
  const { viewer, likes_count } = useShownLike(post);
  const { liked } = viewer;
  return (
    <ActionButton
      icon={Heart}
      label={strings.post.like}
      count={likes_count}
      filled={liked}
      aria-pressed={liked}
      data-action="like"
      className={liked ? "text-like! hover:text-like" : "hover:text-like!"}
      onClick={() => like(post)}
    />
  );
}
