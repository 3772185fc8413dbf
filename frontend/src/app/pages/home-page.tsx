import { PostComposer } from "@/features/composer/post-composer";
import { HomeFeed } from "@/features/feed/home-feed";
import { useSession } from "@/shared/lib/auth/session";
import { strings } from "@/shared/lib/i18n";
import { usePageTitle } from "@/shared/ui/page-title";
import { Welcome } from "./welcome";

export function HomePage() {
  const session = useSession();
  usePageTitle(strings.nav.home);
  return (
    <div className="pt-2 md:pt-6">
      <h1 className="sr-only">{strings.nav.home}</h1>
      {session === "member" ? <PostComposer /> : <Welcome />}
      <HomeFeed />
    </div>
  );
}
