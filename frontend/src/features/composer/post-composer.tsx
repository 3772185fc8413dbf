import { useId } from "react";
import { config } from "@/shared/lib/config";
import { strings } from "@/shared/lib/i18n";
import { classNames } from "@/shared/ui/class-names";
import { focusContent } from "@/shared/ui/focus-content";
import { FormError } from "@/shared/ui/form-error";
import { ProblemWords } from "@/shared/ui/problem-words";
import { CounterRing } from "./counter-ring";
import { LifetimePicker } from "./lifetime-picker";
import { MessageBox } from "./message-box";
import { SendButton } from "./send-button";
import { useLifetime } from "./use-lifetime";
import { useMessageForm } from "./use-message-form";
import { usePublishPost } from "./use-publish";

interface PostComposerProps {
  /** Whether the composer draws a card around itself, as in a page. A dialog frames it already. */
  framed?: boolean;
  autoFocus?: boolean;
  onSent?: () => void;
}

/** The box for a new post. */
export function PostComposer({ framed = true, autoFocus = false, onSent }: PostComposerProps) {
  const id = useId();
  const [ttl, setTtl] = useLifetime();
  const limit = config().limits.message;
  const form = useMessageForm({
    publishing: usePublishPost(),
    limit,
    body: (message) => ({ message, ttl }),
    onSent,
  });

  return (
    <form
      onSubmit={form.submit}
      aria-label={strings.composer.label}
      className={classNames(
        // Leaves room for an on-screen keyboard too.
        !framed && "[--room:max(3.5rem,calc(100dvh-21rem))]",
        framed &&
          "mx-4 mb-3 rounded-card border border-line bg-surface p-4 transition-colors focus-within:border-edge md:mx-0 md:p-5",
      )}
    >
      <MessageBox
        ref={form.box}
        label={strings.composer.label}
        placeholder={strings.composer.placeholder}
        value={form.text}
        onChange={form.write}
        describedBy={`${id}-count ${id}-shortcut`}
        invalid={form.used > limit}
        autoFocus={autoFocus}
        {...(framed && { onEscape: focusContent })}
      />
      <div className="mt-3 border-t border-line pt-3">
        <LifetimePicker value={ttl} onChange={setTtl} />
      </div>
      <div className="mt-3">
        <FormError text={form.error && <ProblemWords error={form.error} />} />
      </div>
      <div className="mt-3 flex items-center justify-end gap-3">
        <span id={`${id}-shortcut`} className="sr-only">
          {strings.composer.shortcut}
        </span>
        <CounterRing id={`${id}-count`} used={form.used} limit={limit} />
        <SendButton
          ready={form.ready}
          pending={form.isPending}
          text={strings.composer.send}
          pendingText={strings.composer.sending}
          className="min-w-28"
        />
      </div>
    </form>
  );
}
