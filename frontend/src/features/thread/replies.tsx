import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { Link } from "react-router";
import { focusPost } from "@/entities/post/focus-post";
import { Living } from "@/entities/post/living";
import type { ReplyNode } from "@/entities/post/post";
import { removePost } from "@/entities/post/post-cache";
import { strings } from "@/shared/lib/i18n";
import { paths } from "@/shared/lib/paths";
import { classNames } from "@/shared/ui/class-names";
import type { ReplyBox } from "./living-thread";
import { ReplyCard } from "./reply-card";

// Levels of replies that are indented. Deeper ones are behind a link.
const deepest = 4;

interface RepliesProps {
  replies: ReplyNode[];
  depth: number;
  replyBox: ReplyBox;
}

/** Replies and their replies in turn, each level further indented, on a line that comes from the reply above. */
export function Replies({ replies, depth, replyBox }: RepliesProps) {
  if (replies.length === 0) return null;
  return (
    <ul
      className={classNames(
        depth > 0 && "ms-1.5 border-s-2 border-line ps-2.5 sm:ms-[15px] sm:ps-5",
      )}
    >
      {replies.map((node) => (
        <li key={node.uuid}>
          <Reply node={node} depth={depth} replyBox={replyBox} />
        </li>
      ))}
    </ul>
  );
}

function Reply({ node, depth, replyBox }: { node: ReplyNode } & Omit<RepliesProps, "replies">) {
  const client = useQueryClient();
  const [replying, setReplying] = useState(false);
  const children = node.replies.data;
  const hasMore = node.replies.next_cursor !== null || (depth >= deepest && children.length > 0);
  const box = useRef<HTMLDivElement>(null);
  const close = () => {
    if (box.current?.contains(document.activeElement)) focusPost(node.uuid);
    setReplying(false);
  };
  return (
    <>
      <Living
        post={node}
        leavesMark={node.replies_count > 0}
        onGone={(post) => removePost(client, post.uuid)}
      >
        <ReplyCard node={node} onReply={() => setReplying(!replying)} />
        {replying && (
          <div ref={box} className="mt-1 mb-2">
            {replyBox(node, { autoFocus: true, onSent: close, onCancel: close })}
          </div>
        )}
      </Living>
      {depth < deepest && <Replies replies={children} depth={depth + 1} replyBox={replyBox} />}
      {hasMore && !node.deleted && (
        <Link
          to={paths.post(node)}
          className="ms-1.5 inline-flex min-h-11 items-center font-semibold text-link hover:underline"
        >
          {strings.thread.continue}
        </Link>
      )}
    </>
  );
}
