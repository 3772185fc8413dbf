import { useQueryClient } from "@tanstack/react-query";
import { ArrowUp } from "lucide-react";
import { useRef } from "react";
import { focusPost } from "@/entities/post/focus-post";
import { freshCount } from "@/entities/post/fresh-count";
import { strings } from "@/shared/lib/i18n";
import { useStore } from "@/shared/lib/store";
import { useClearOfFocus } from "./use-clear-of-focus";

/** The button that shows the new posts. Until it is pressed they wait, so that they don't push away what is being read. */
export function FreshPosts() {
  const client = useQueryClient();
  const count = useStore(freshCount);
  const pill = useRef<HTMLButtonElement>(null);
  useClearOfFocus(pill, count > 0);

  const show = async () => {
    // home-head.ts has counted the posts, so it is loaded already.
    const { showFresh } = await import("@/entities/post/home-head");
    const newest = showFresh(client);
    window.scrollTo(0, 0);
    if (newest) focusPost(newest.uuid);
  };

  return (
    <div role="status" className="pointer-events-none sticky top-16 z-20 h-0 text-center md:top-4">
      {count > 0 && (
        <button
          ref={pill}
          type="button"
          data-action="fresh"
          onClick={() => void show()}
          className="pointer-events-auto inline-flex min-h-11 items-center gap-2 rounded-full bg-spark px-5 font-semibold text-on-spark shadow-float transition-[translate] duration-(--quick) hover:bg-spark-strong"
        >
          <ArrowUp size={18} aria-hidden />
          {strings.feed.fresh(count)}
        </button>
      )}
    </div>
  );
}
