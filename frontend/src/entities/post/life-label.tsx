import { strings } from "@/shared/lib/i18n";
import { serverNow } from "@/shared/lib/time/clock";
import { moment } from "@/shared/lib/time/format";
import { expiresAt, type Post } from "./post";
import { useAge, useLongLeft, useShortLeft, useSpokenLeft } from "./use-life";

/** The countdown of a post in a list: "3h 12m". */
export function LifeLabel({ post }: { post: Post }) {
  const left = useShortLeft(post);
  const spoken = useSpokenLeft(post);
  const age = useAge(post);
  return (
    <time
      dateTime={post.expires_at}
      data-age={age}
      title={strings.life.gone(moment(expiresAt(post), serverNow()))}
      className="life-label digits font-display min-w-[7ch] text-end text-large leading-6 font-bold whitespace-nowrap"
    >
      <bdi aria-hidden>{left}</bdi>
      <span className="sr-only">{spoken}</span>
    </time>
  );
}

/** The countdown of the post that a page is about, with the moment of its end. */
export function LifeClock({ post }: { post: Post }) {
  const left = useLongLeft(post);
  const spoken = useSpokenLeft(post);
  const age = useAge(post);
  const when = moment(expiresAt(post), serverNow());
  return (
    <p className="flex flex-wrap items-baseline gap-x-3">
      <time
        dateTime={post.expires_at}
        data-age={age}
        className="life-label digits font-display text-title-xl font-extrabold tracking-tight"
      >
        <bdi aria-hidden>{left}</bdi>
        <span className="sr-only">{spoken}</span>
      </time>
      <span className="text-soft">
        {post.root_activity_uuid ? strings.life.goneWithRoot(when) : strings.life.gone(when)}
      </span>
    </p>
  );
}
