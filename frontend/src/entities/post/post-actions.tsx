import { MessageCircle } from "lucide-react";
import { Link } from "react-router";
import { strings } from "@/shared/lib/i18n";
import { paths } from "@/shared/lib/paths";
import { ActionButton, ActionContent, actionLook } from "./action-button";
import { DeleteButton } from "./delete-button";
import { LikeButton } from "./like-button";
import type { Post } from "./post";
import { ShareButton } from "./share-button";

interface PostActionsProps {
  post: Post;
  /** What "Reply" does. Without it, "Reply" opens the thread with the focus in its reply box. */
  onReply?: (() => void) | undefined;
}

export function PostActions({ post, onReply }: PostActionsProps) {
  const reply = { icon: MessageCircle, label: strings.post.reply, count: post.replies_count };
  return (
    <div className="-ms-3 flex items-center">
      {onReply ? (
        <ActionButton {...reply} data-action="reply" onClick={onReply} />
      ) : (
        <Link
          to={paths.post(post)}
          state={{ reply: true }}
          title={reply.label}
          data-action="reply"
          className={actionLook}
        >
          <ActionContent {...reply} />
        </Link>
      )}
      <LikeButton post={post} />
      <ShareButton post={post} />
      <DeleteButton post={post} />
    </div>
  );
}
