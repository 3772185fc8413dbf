import type { CSSProperties } from "react";
import type { Post } from "./post";
import { useAge, useLifeLeft } from "./use-life";

/** Draws how much of its life a post has left. Words beside it say the same, so it is hidden from screen readers. */
export function Fuse({ post, size }: { post: Post; size?: "large" }) {
  const left = useLifeLeft(post);
  const age = useAge(post);
  return (
    <div
      aria-hidden
      className="fuse"
      data-age={age}
      data-size={size}
      style={{ "--left": left } as CSSProperties}
    >
      <div className="fuse-line" />
      <div className="fuse-end" />
    </div>
  );
}
