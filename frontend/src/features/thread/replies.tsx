import { useId, useState } from "react";
import { Link } from "react-router";
import { AuthorLine } from "@/entities/post/author-line";
import type { ReplyNode } from "@/entities/post/post";
import { PostActions } from "@/entities/post/post-actions";
import { PostText } from "@/entities/post/post-text";
import { strings } from "@/shared/lib/i18n";
import { paths } from "@/shared/lib/paths";
import { Avatar } from "@/shared/ui/avatar";
import { classNames } from "@/shared/ui/class-names";
import type { ReplyBox } from "./thread";

const deepest = 4; // levels that are indented; below it a link leads on

interface RepliesProps {
  replies: ReplyNode[];
  depth: number;
  replyBox: ReplyBox;
}

/** Replies with their replies, each level a little further in. */
export function Replies({ replies, depth, replyBox }: RepliesProps) {
  if (replies.length === 0) return null;
  return (
    <ul className={classNames(depth > 0 && "mt-1 border-s-2 border-line ps-3 sm:ps-5")}>
      {replies.map((node) => (
        <li key={node.uuid}>
          <Reply node={node} depth={depth} replyBox={replyBox} />
        </li>
      ))}
    </ul>
  );
}

function Reply({ node, depth, replyBox }: { node: ReplyNode } & Omit<RepliesProps, "replies">) {
  const id = useId();
  const [replying, setReplying] = useState(false);
  const children = node.replies.data;
  const goesOn = node.replies.next_cursor !== null || (depth >= deepest && children.length > 0);
  const close = () => setReplying(false);
  return (
    <>
      <article aria-labelledby={id} className="pt-4">
        {node.deleted ? (
          <p id={id} className="pb-3 text-soft italic">
            {strings.post.deleted}
          </p>
        ) : (
          <div className="flex gap-3">
            <Avatar handle={node.handle} name={node.display_name} size="small" />
            <div className="min-w-0 flex-1">
              <AuthorLine post={node} id={id} />
              <PostText post={node} className="mt-0.5" />
              <PostActions post={node} onReply={() => setReplying(!replying)} />
            </div>
          </div>
        )}
      </article>
      {replying && (
        <div className="mt-1 mb-2">
          {replyBox(node, { autoFocus: true, onSent: close, onCancel: close })}
        </div>
      )}
      {depth < deepest && <Replies replies={children} depth={depth + 1} replyBox={replyBox} />}
      {goesOn && !node.deleted && (
        <Link
          to={paths.post(node)}
          className="inline-flex min-h-11 items-center font-semibold text-link hover:underline"
        >
          {strings.thread.continue}
        </Link>
      )}
    </>
  );
}
