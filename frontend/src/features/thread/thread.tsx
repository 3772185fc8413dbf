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
  /** Shown when the post is no more: what one had begun to answer. */
  unsent: ReactNode;
}

/** A post with what it answers and what answers it. */
export function Thread({ uuid, replying, replyBox, unsent }: ThreadProps) {
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
  const why = error instanceof ApiProblem ? goneBecause(error) : null;
  if (why) return <GonePost why={why} unsent={unsent} />;
  if (!first) return error ? <Notice error={error} onRetry={again} /> : <ThreadSkeleton />;
  return (
    <LivingThread
      thread={first}
      replies={uniquePosts(data.pages.map((page) => page.replies))}
      replying={replying}
      replyBox={replyBox}
      unsent={unsent}
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

function goneBecause(problem: ApiProblem): "expired" | "deleted" | "notFound" | null {
  if (problem.status === 404) return "notFound";
  if (problem.status !== 410) return null;
  return problem.has("activity_deleted") ? "deleted" : "expired";
}
