import { PostFeed } from "@/entities/post/post-feed";
import { homeQuery } from "@/entities/post/post-queries";
import { strings } from "@/shared/lib/i18n";
import { EmptyState } from "@/shared/ui/empty-state";
import { FreshPosts } from "./fresh-posts";

/** Everyone's live posts. */
export function HomeFeed() {
  return (
    <>
      <FreshPosts />
      <PostFeed
        query={homeQuery}
        label={strings.feed.label}
        empty={<EmptyState title={strings.feed.empty.title} body={strings.feed.empty.body} />}
      />
    </>
  );
}
