import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Post, ReplyNode, Thread as ThreadData } from "@/entities/post/post";
import { threadQuery } from "@/entities/post/post-queries";
import { PostSkeletons } from "@/entities/post/post-skeleton";
import { uniquePosts } from "@/entities/post/unique-posts";
import { useIsOver } from "@/entities/post/use-life";
import { ApiProblem } from "@/shared/lib/api/problem";
import { strings } from "@/shared/lib/i18n";
import { Button } from "@/shared/ui/button";
import { Notice } from "@/shared/ui/notice";
import { usePageTitle } from "@/shared/ui/page-title";
import { Ancestors } from "./ancestors";
import { FocalPost } from "./focal-post";
import { GonePost } from "./gone-post";
import { Replies } from "./replies";

/** Makes the reply box for a post; threads don't know how. */
export type ReplyBox = (post: Post, options: ReplyBoxOptions) => ReactNode;

export interface ReplyBoxOptions {
  autoFocus: boolean;
  onSent?: () => void;
  onCancel?: () => void;
}

interface ThreadProps {
  uuid: string;
  /** Whether the reply box has the focus from the start. */
  replying: boolean;
  replyBox: ReplyBox;
  onDeleted: () => void;
}

/** A post with what it answers and what answers it. */
export function Thread({ uuid, ...rest }: ThreadProps) {
  const query = useInfiniteQuery(threadQuery(uuid));
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = query;
  const first = data?.pages[0];

  const why = error instanceof ApiProblem ? goneBecause(error) : null;
  if (why) return <GonePost why={why} />;
  if (!first) {
    return error ? (
      <Notice error={error} onRetry={() => void refetch()} />
    ) : (
      <PostSkeletons label={strings.thread.loading} count={3} />
    );
  }
  return (
    <LivingThread
      {...rest}
      thread={first}
      replies={uniquePosts(data.pages.map((page) => page.replies))}
      more={
        error ? (
          <Notice error={error} onRetry={() => void (hasNextPage ? fetchNextPage() : refetch())} />
        ) : hasNextPage ? (
          <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {strings.thread.more}
          </Button>
        ) : null
      }
    />
  );
}

interface LivingThreadProps extends Omit<ThreadProps, "uuid"> {
  thread: ThreadData;
  replies: ReplyNode[];
  more: ReactNode;
}

function LivingThread({ thread, replies, more, replying, replyBox, onDeleted }: LivingThreadProps) {
  const { activity, ancestors } = thread;
  const over = useIsOver(activity);
  usePageTitle(activity.deleted ? strings.thread.title : strings.post.by(activity.display_name));
  if (over) return <GonePost why="expired" />;
  return (
    <>
      <Ancestors posts={ancestors} />
      <FocalPost post={activity} onDeleted={activity.replies_count > 0 ? undefined : onDeleted} />
      {!activity.deleted && (
        <div className="px-4 py-4 md:px-0">{replyBox(activity, { autoFocus: replying })}</div>
      )}
      <section aria-label={strings.thread.replies} className="px-4 md:px-5">
        {replies.length === 0 && !more && (
          <p className="py-8 text-center text-faint">{strings.thread.noReplies}</p>
        )}
        <Replies replies={replies} depth={0} replyBox={replyBox} />
        <div className="py-6 text-center empty:hidden">{more}</div>
      </section>
    </>
  );
}

function goneBecause(problem: ApiProblem): "expired" | "deleted" | "notFound" | null {
  if (problem.status === 404) return "notFound";
  if (problem.status !== 410) return null;
  return problem.has("activity_deleted") ? "deleted" : "expired";
}
