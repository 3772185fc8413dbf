import { type FormEvent, useId, useRef } from "react";
import { config } from "@/shared/lib/config";
import { strings } from "@/shared/lib/i18n";
import { wordsFor } from "@/shared/lib/i18n/error-words";
import { countGraphemes, isBlank, normalise } from "@/shared/lib/text/graphemes";
import { Button } from "@/shared/ui/button";
import { classNames } from "@/shared/ui/class-names";
import { FormError } from "@/shared/ui/form-error";
import { toast } from "@/shared/ui/toaster-store";
import { CounterRing } from "./counter-ring";
import { LifetimePicker } from "./lifetime-picker";
import { MessageBox } from "./message-box";
import { useDraft } from "./use-draft";
import { useLifetime } from "./use-lifetime";
import { usePublishPost } from "./use-publish";

interface PostComposerProps {
  /** In the page as a card of its own, or in a dialog that frames it already. */
  framed?: boolean;
  autoFocus?: boolean;
  onSent?: () => void;
}

/** The box for a new post. */
export function PostComposer({ framed = true, autoFocus = false, onSent }: PostComposerProps) {
  const id = useId();
  const box = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useDraft("post");
  const [ttl, setTtl] = useLifetime();
  const publish = usePublishPost();
  const limit = config().limits.message;
  const used = countGraphemes(text);
  const ready = !isBlank(text) && used <= limit && !publish.isPending;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    publish.mutate(
      { message: normalise(text), ttl },
      {
        onSuccess: () => {
          setText("");
          toast(strings.composer.sent);
          if (onSent) onSent();
          else box.current?.focus();
        },
      },
    );
  };

  return (
    <form
      onSubmit={submit}
      aria-label={strings.composer.label}
      className={classNames(
        framed &&
          "mx-4 mb-3 rounded-card border border-line bg-surface p-4 transition-colors focus-within:border-edge md:mx-0 md:p-5",
      )}
    >
      <MessageBox
        ref={box}
        label={strings.composer.label}
        placeholder={strings.composer.placeholder}
        value={text}
        onChange={setText}
        describedBy={`${id}-count ${id}-shortcut`}
        invalid={used > limit}
        autoFocus={autoFocus}
      />
      <div className="mt-3 border-t border-line pt-3">
        <LifetimePicker value={ttl} onChange={setTtl} />
      </div>
      <div className="mt-3">
        <FormError text={publish.error ? wordsFor(publish.error) : undefined} />
      </div>
      <div className="mt-3 flex items-center justify-end gap-3">
        <span id={`${id}-shortcut`} className="sr-only">
          {strings.composer.shortcut}
        </span>
        <CounterRing id={`${id}-count`} used={used} limit={limit} />
        <Button type="submit" look="primary" disabled={!ready} className="min-w-28">
          {publish.isPending ? strings.composer.sending : strings.composer.send}
        </Button>
      </div>
    </form>
  );
}
