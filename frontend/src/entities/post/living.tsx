import { type ReactNode, useEffect, useEffectEvent, useState } from "react";
import { lastTick } from "@/shared/lib/time/ticker";
import { expiresAt, type Post } from "./post";
import { fadeTime, useIsOver } from "./use-life";

interface LivingProps {
  post: Post;
  /** Called once the post has faded out: take it out of the list. */
  onGone: (post: Post) => void;
  children: ReactNode;
}

/** Lets a post fade when its time is up. One that was over before it came on the screen is not shown at all. */
export function Living({ post, onGone, children }: LivingProps) {
  const over = useIsOver(post);
  const [overAtFirst] = useState(() => lastTick() >= expiresAt(post));
  const gone = useEffectEvent(() => onGone(post));

  useEffect(() => {
    if (!over) return;
    const timer = setTimeout(gone, overAtFirst ? 0 : fadeTime);
    return () => clearTimeout(timer);
  }, [over, overAtFirst]);

  if (over && overAtFirst) return null;
  return (
    <div className={over ? "leaving" : undefined} inert={over}>
      <div>{children}</div>
    </div>
  );
}
