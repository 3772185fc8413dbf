import {
  type ReactNode,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { lastTick } from "@/shared/lib/time/ticker";
import { focusBeside } from "./focus-post";
import { expiresAt, type Post } from "./post";
import { takenBack, useTakenBack } from "./taken-back";
import { fadeTime, useIsOver } from "./use-life";

interface LivingProps {
  post: Post;
  /** Called once the post has left for good. The list must then remove it. */
  onGone: (post: Post) => void;
  /** Whether an empty mark stays when the author takes the post back. */
  leavesMark?: boolean;
  children: ReactNode;
}

/**
 * Fades a post out when it expires or its author takes it back, and shows it again when that is undone. A post that is gone
 * from the start is not shown at all.
 */
export function Living({ post, onGone, leavesMark = false, children }: LivingProps) {
  const over = useIsOver(post);
  const mark = useTakenBack(post.uuid);
  const isTakenBack = mark !== undefined && !leavesMark;
  const leaving = over || isTakenBack;
  const forGood = over || (isTakenBack && mark === "done");
  const [leftAtFirst] = useState(
    () => lastTick() >= expiresAt(post) || (takenBack(post.uuid) !== undefined && !leavesMark),
  );
  const element = useRef<HTMLDivElement>(null);
  const gone = useEffectEvent(() => onGone(post));

  useLayoutEffect(() => {
    const focused = document.activeElement;
    if (leaving && focused && element.current?.contains(focused)) focusBeside(focused);
  }, [leaving]);

  useEffect(() => {
    if (!forGood) return;
    const timer = setTimeout(gone, leftAtFirst ? 0 : fadeTime);
    return () => clearTimeout(timer);
  }, [forGood, leftAtFirst]);

  if (leaving && leftAtFirst) return null;
  return (
    <div
      ref={element}
      className={leaving ? "leaving" : undefined}
      data-why={isTakenBack ? "taken-back" : undefined}
      inert={leaving}
    >
      <div>{children}</div>
    </div>
  );
}
