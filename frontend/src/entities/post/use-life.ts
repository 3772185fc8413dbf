import { day, hour, minute } from "@/shared/lib/time/duration";
import { shortLeft, spokenLeft } from "@/shared/lib/time/format";
import { useTick } from "@/shared/lib/time/ticker";
import { expiresAt, lifeLeft, type Post } from "./post";

/** A post's three ages. The last five minutes are always the last age, however long the post lives. */
export type Age = "calm" | "low" | "last";

// In milliseconds; the same as `--fade` in shared/styles/tokens.css.
export const fadeTime = 900;

export function ageAt(post: Post, now: number): Age {
  const left = expiresAt(post) - now;
  if (left < 5 * minute) return "last";
  return left < day && lifeLeft(post, now) < 0.25 ? "low" : "calm";
}

export const useIsOver = (post: Post): boolean => useTick((now) => now >= expiresAt(post));

export const useAge = (post: Post): Age => useTick((now) => ageAt(post, now));

/** The part of its life that a post has left, rounded to thousandths, so that a long life is not drawn anew every second. */
export const useLifeLeft = (post: Post): number =>
  useTick((now) => Math.round(lifeLeft(post, now) * 1000) / 1000);

export const useShortLeft = (post: Post): string =>
  useTick((now) => shortLeft(expiresAt(post) - now));

export const useSpokenLeft = (post: Post): string =>
  useTick((now) => spokenLeft(expiresAt(post) - now));

/** Time left as a clock that runs in seconds below a day: "23:59:59". */
export const useLongLeft = (post: Post): string =>
  useTick((now) => {
    const left = expiresAt(post) - now;
    if (left >= day || left < hour) return shortLeft(left);
    const seconds = Math.ceil(left / 1000);
    const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    return parts.map((part) => String(part).padStart(2, "0")).join(":");
  });
