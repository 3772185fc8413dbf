import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useCallback } from "react";
import { strings } from "@/shared/lib/i18n";
import { Button } from "@/shared/ui/button";
import { EndSensor } from "@/shared/ui/end-sensor";
import { Notice } from "@/shared/ui/notice";
import { FeedRow } from "./feed-row";
import type { Post } from "./post";
import { removePost } from "./post-cache";
import type { homeQuery, userPostsQuery } from "./post-queries";
import { PostSkeletons } from "./post-skeleton";
import { uniquePosts } from "./unique-posts";

interface PostFeedProps {
  query: typeof homeQuery | ReturnType<typeof userPostsQuery>;
  label: string;
  /** What stands here when there is no post. */
  empty: ReactNode;
}

/** A list of posts that goes on as one scrolls. */
export function PostFeed({ query, label, empty }: PostFeedProps) {
  const client = useQueryClient();
  // Both kinds of options differ in their key only.
  const feed = useInfiniteQuery(query as typeof homeQuery);
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = feed;

  const onGone = useCallback((post: Post) => removePost(client, post.uuid), [client]);
  const more = useCallback(() => void fetchNextPage(), [fetchNextPage]);

  if (!data) {
    return error ? (
      <Notice error={error} onRetry={() => void refetch()} />
    ) : (
      <PostSkeletons label={strings.feed.loading} />
    );
  }

  const posts = uniquePosts(data.pages);
  if (posts.length === 0 && !hasNextPage) return empty;

  return (
    <>
      <div role="feed" aria-label={label} aria-busy={isFetchingNextPage}>
        {posts.map((post, index) => (
          <FeedRow key={post.uuid} post={post} position={index + 1} onGone={onGone} />
        ))}
      </div>
      {error ? (
        <Notice
          error={error}
          onRetry={data.pages.length > 0 && hasNextPage ? more : () => void refetch()}
        />
      ) : hasNextPage ? (
        <>
          <EndSensor key={data.pages.length} onReached={more} />
          {isFetchingNextPage && <PostSkeletons label={strings.feed.loading} count={3} />}
          {/* Out of sight while posts come in above it, so that nothing is seen to jump. */}
          <Button
            disabled={isFetchingNextPage}
            className={isFetchingNextPage ? "sr-only" : "mx-auto my-8 flex! w-fit"}
            onClick={more}
          >
            {strings.feed.more}
          </Button>
        </>
      ) : (
        <p className="py-10 text-center text-faint">{strings.feed.end}</p>
      )}
    </>
  );
}
