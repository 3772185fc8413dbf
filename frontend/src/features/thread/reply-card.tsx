import { useId } from "react";
import { AuthorLine } from "@/entities/post/author-line";
import { authorOf, type ReplyNode } from "@/entities/post/post";
import { PostActions } from "@/entities/post/post-actions";
import { PostText } from "@/entities/post/post-text";
import { useIsEmptied } from "@/entities/post/taken-back";
import { strings } from "@/shared/lib/i18n";
import { Avatar } from "@/shared/ui/avatar";

interface ReplyCardProps {
  node: ReplyNode;
  onReply: () => void;
}

/** One reply. When it was taken back and has replies of its own, only an empty mark of it stays above them. */
export function ReplyCard({ node, onReply }: ReplyCardProps) {
  const id = useId();
  const author = authorOf(node);
  const emptied = useIsEmptied(node);
  return (
    <article
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a stop for the keyboard, as in a feed
      tabIndex={0}
      data-post={node.uuid}
      aria-labelledby={id}
      aria-describedby={emptied ? undefined : `${id}-text`}
      className="focus-ring-inside -mx-2 scroll-my-24 px-2 pt-4"
    >
      {emptied ? (
        <p id={id} className="pb-3 text-soft italic">
          {strings.post.deleted}
        </p>
      ) : (
        <div className="flex gap-3">
          <Avatar handle={author.handle} name={author.display_name} size="small" />
          <div className="min-w-0 flex-1">
            <AuthorLine post={node} id={id} />
            <PostText post={node} id={`${id}-text`} className="mt-0.5" />
            <PostActions post={node} onReply={onReply} />
          </div>
        </div>
      )}
    </article>
  );
}
