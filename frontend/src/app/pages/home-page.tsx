import { Suspense } from "react";
import { PostSkeletons } from "@/entities/post/post-skeleton";
import { HomeFeed } from "@/features/feed/home-feed";
import { useSession } from "@/shared/lib/auth/session";
import { strings } from "@/shared/lib/i18n";
import { Deferred, defer } from "@/shared/ui/deferred";
import { usePageTitle } from "@/shared/ui/page-title";
import { Welcome } from "./welcome";

/** Only members write: visitors never load the composer, members load it before the page is shown. */
export const composer = defer(
  async () => (await import("@/features/composer/post-composer")).PostComposer,
);

export function HomePage() {
  const session = useSession();
  usePageTitle(strings.nav.home);
  return (
    <div className="pt-2 md:pt-6">
      <h1 className="sr-only">{strings.nav.home}</h1>
      {/* After a sign-in the page waits for the composer, which would push the feed down if it came later. */}
      <Suspense fallback={<PostSkeletons label={strings.feed.loading} />}>
        {session === "member" ? <Deferred component={composer} /> : <Welcome />}
        <HomeFeed />
      </Suspense>
    </div>
  );
}
