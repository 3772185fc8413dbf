import { type ReactNode, useEffect, useEffectEvent, useRef } from "react";
import { useLocation, useNavigationType } from "react-router";
import { authorOf, type Post, type ReplyNode, type Thread } from "@/entities/post/post";
import { useIsEmptied, useTakenBack } from "@/entities/post/taken-back";
import { useIsOver } from "@/entities/post/use-life";
import { strings } from "@/shared/lib/i18n";
import { steadyScroll } from "@/shared/lib/steady-scroll";
import { usePageTitle } from "@/shared/ui/page-title";
import { Ancestors } from "./ancestors";
import { FocalPost } from "./focal-post";
import { GonePost } from "./gone-post";
import { Replies } from "./replies";

/** Makes the reply box for a post. A thread gets it from its page, because one feature must not import another. */
export type ReplyBox = (post: Post, options: ReplyBoxOptions) => ReactNode;

export interface ReplyBoxOptions {
  autoFocus: boolean;
  onSent?: () => void;
  onCancel?: () => void;
}

interface LivingThreadProps {
  thread: Thread;
  replies: ReplyNode[];
  /** What stands below the loaded replies: a button for more, or an error. */
  more: ReactNode;
  /** Whether the reply box has the focus from the start. */
  replying: boolean;
  replyBox: ReplyBox;
  unsentReply: ReactNode;
}

/** A thread for as long as its post lives and is not taken back; then says what became of the post. */
export function LivingThread(props: LivingThreadProps) {
  const { activity } = props.thread;
  const over = useIsOver(activity);
  const isTakenBack = useTakenBack(activity.uuid) !== undefined;
  const emptied = useIsEmptied(activity);
  if (over) return <GonePost reason="expired" unsentReply={props.unsentReply} />;
  if (isTakenBack && !emptied) return <GonePost reason="deleted" unsentReply={props.unsentReply} />;
  return <ThreadParts {...props} emptied={emptied} />;
}

function ThreadParts(props: LivingThreadProps & { emptied: boolean }) {
  const { thread, replies, more, replying, replyBox, emptied } = props;
  const { activity, ancestors } = thread;
  usePageTitle(emptied ? strings.thread.title : strings.post.by(authorOf(activity).display_name));
  const { key } = useLocation();
  const comesBack = useNavigationType() === "POP" && key !== "default";
  const focal = useRef<HTMLDivElement>(null);

  // The page opens at the post that was asked for, below the posts that it replies to. When one comes back to the page, it
  // stays where it was left.
  const showFocal = useEffectEvent(() => {
    if (ancestors.length > 0 && !comesBack) focal.current?.scrollIntoView({ block: "start" });
  });
  useEffect(() => showFocal(), []);

  return (
    <>
      <Ancestors posts={ancestors} root={thread.root} />
      <div ref={focal} className="scroll-mt-28 md:scroll-mt-18">
        <FocalPost post={activity} />
      </div>
      {!emptied && (
        <div className="px-4 py-4 md:px-0">{replyBox(activity, { autoFocus: replying })}</div>
      )}
      <section ref={steadyScroll} aria-label={strings.thread.replies} className="px-4 md:px-5">
        {replies.length === 0 && !more && (
          <p className="py-8 text-center text-faint">{strings.thread.noReplies}</p>
        )}
        <Replies replies={replies} depth={0} replyBox={replyBox} />
        <div className="py-6 text-center empty:hidden">{more}</div>
      </section>
    </>
  );
}
