import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useCallback } from "react";
import { strings } from "@/shared/lib/i18n";
import { steadyScroll } from "@/shared/lib/steady-scroll";
import { Button } from "@/shared/ui/button";
import { EndSensor } from "@/shared/ui/end-sensor";
import { Notice } from "@/shared/ui/notice";
import { onFeedKey } from "./feed-keys";
import { FeedRow } from "./feed-row";
import { focusLastPost } from "./focus-post";
import type { Post } from "./post";
import { removePost } from "./post-cache";
import type { PostListQuery } from "./post-list-query";
import { PostSkeletons } from "./post-skeleton";
import { uniquePosts } from "./unique-posts";

interface PostFeedProps {
  query: PostListQuery;
  label: string;
  /** Shown when there is no post. */
  empty: ReactNode;
}

/** A list of posts that loads more as one scrolls. */
export function PostFeed({ query, label, empty }: PostFeedProps) {
  const { data, error, refetch } = useInfiniteQuery(query);
  if (data) return <LoadedFeed query={query} label={label} empty={empty} />;
  return error ? (
    <Notice error={error} onRetry={() => void refetch()} />
  ) : (
    <PostSkeletons label={strings.feed.loading} />
  );
}

function LoadedFeed({ query, label, empty }: PostFeedProps) {
  const client = useQueryClient();
  const feed = useInfiniteQuery(query);
  const { data, error, hasNextPage, isFetching, isFetchingNextPage, isFetchNextPageError } = feed;
  const { fetchNextPage, refetch } = feed;

  const onGone = useCallback((post: Post) => removePost(client, post.uuid), [client]);
  const more = () => void fetchNextPage();

  const posts = uniquePosts(data?.pages ?? []);
  if (posts.length === 0 && !hasNextPage) return empty;

  return (
    <>
      {error && !isFetchNextPageError && <Notice error={error} onRetry={() => void refetch()} />}
      <div
        ref={steadyScroll}
        role="feed"
        aria-label={label}
        aria-busy={isFetchingNextPage}
        onKeyDown={onFeedKey}
      >
        {posts.map((post, index) => (
          <FeedRow
            key={post.uuid}
            post={post}
            position={index + 1}
            size={hasNextPage ? -1 : posts.length}
            onGone={onGone}
          />
        ))}
      </div>
      {isFetchNextPageError ? (
        <Notice error={error} onRetry={more} />
      ) : hasNextPage ? (
        <>
          {!isFetching && <EndSensor onReached={more} />}
          {isFetchingNextPage && <PostSkeletons label={strings.feed.loading} count={3} />}
          {/* Visually hidden while a page is being loaded, so that it is not seen to move when posts come in above it. */}
          <Button
            aria-disabled={isFetchingNextPage}
            className={isFetchingNextPage ? "sr-only" : "mx-auto my-8 flex! w-fit"}
            onClick={() => {
              // The button may disappear.
              focusLastPost();
              more();
            }}
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
