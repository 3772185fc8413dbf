import { useInfiniteQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import { threadQuery } from "@/entities/post/post-queries";
import { uniquePosts } from "@/entities/post/unique-posts";
import { ApiProblem, Unreachable } from "@/shared/lib/api/problem";
import { strings } from "@/shared/lib/i18n";
import { subscribe } from "@/shared/lib/realtime/dispatcher";
import { Button } from "@/shared/ui/button";
import { Notice } from "@/shared/ui/notice";
import { GonePost } from "./gone-post";
import { LivingThread, type ReplyBox } from "./living-thread";
import { ThreadSkeleton } from "./thread-skeleton";

interface ThreadProps {
  uuid: string;
  /** Whether the reply box has the focus from the start. */
  replying: boolean;
  replyBox: ReplyBox;
  /** Shown when the post is gone: the reply that one had begun to write. */
  unsentReply: ReactNode;
}

/** A post with the posts that it replies to above it and its replies below it. */
export function Thread({ uuid, replying, replyBox, unsentReply }: ThreadProps) {
  const query = useInfiniteQuery(threadQuery(uuid));
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = query;
  const first = data?.pages[0];

  useEffect(() => {
    return subscribe("activity.changed", async () => {
      const answer = await refetch({ cancelRefetch: false });
      if (answer.error instanceof Unreachable) throw answer.error;
    });
  }, [refetch]);

  const more = () => void fetchNextPage();
  const again = () => (query.isFetchNextPageError ? more() : void refetch());
  const reason = error instanceof ApiProblem ? goneReason(error) : null;
  if (reason) return <GonePost reason={reason} unsentReply={unsentReply} />;
  if (!first) return error ? <Notice error={error} onRetry={again} /> : <ThreadSkeleton />;
  return (
    <LivingThread
      thread={first}
      replies={uniquePosts(data.pages.map((page) => page.replies))}
      replying={replying}
      replyBox={replyBox}
      unsentReply={unsentReply}
      more={
        error ? (
          <Notice error={error} onRetry={again} />
        ) : hasNextPage ? (
          <Button disabled={isFetchingNextPage} onClick={more}>
            {strings.thread.more}
          </Button>
        ) : null
      }
    />
  );
}

function goneReason(problem: ApiProblem): "expired" | "deleted" | "lost" | "notFound" | null {
  if (problem.status === 404) return "notFound";
  if (problem.status !== 410) return null;
  if (problem.has("activity_lost")) return "lost";
  return problem.has("activity_deleted") ? "deleted" : "expired";
}
