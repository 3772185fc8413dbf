import { ArrowUp } from "lucide-react";
import type { PostPages } from "@/entities/post/post";
import { useLoadedHome } from "@/entities/post/use-loaded-home";
import { strings } from "@/shared/lib/i18n";
import { useFreshPosts } from "./use-fresh-posts";

/** The pill behind which new posts wait, so that they don't push away what is being read. */
export function FreshPosts() {
  const feed = useLoadedHome();
  return feed ? <Pill feed={feed} /> : null;
}

function Pill({ feed }: { feed: PostPages }) {
  const { count, show } = useFreshPosts(feed);
  return (
    <div role="status" className="pointer-events-none sticky top-16 z-20 h-0 text-center md:top-4">
      {count > 0 && (
        <button
          type="button"
          onClick={() => {
            show();
            window.scrollTo({ top: 0, behavior: "smooth" });
          }}
          className="pointer-events-auto inline-flex min-h-11 items-center gap-2 rounded-full bg-spark px-5 font-semibold text-on-spark shadow-lg hover:bg-spark-strong"
        >
          <ArrowUp size={18} aria-hidden />
          {strings.feed.fresh(count)}
        </button>
      )}
    </div>
  );
}
