import { type FormEvent, useId, useRef } from "react";
import type { Post } from "@/entities/post/post";
import { useSession } from "@/shared/lib/auth/session";
import { askToSignIn } from "@/shared/lib/auth/sign-in-prompt";
import { config } from "@/shared/lib/config";
import { strings } from "@/shared/lib/i18n";
import { wordsFor } from "@/shared/lib/i18n/error-words";
import { countGraphemes, isBlank, normalise } from "@/shared/lib/text/graphemes";
import { Button } from "@/shared/ui/button";
import { classNames } from "@/shared/ui/class-names";
import { FormError } from "@/shared/ui/form-error";
import { toast } from "@/shared/ui/toaster-store";
import { CounterRing } from "./counter-ring";
import { MessageBox } from "./message-box";
import { useDraft } from "./use-draft";
import { usePublishReply } from "./use-publish";

interface ReplyComposerProps {
  post: Post;
  autoFocus?: boolean;
  onSent?: (() => void) | undefined;
  onCancel?: (() => void) | undefined;
}

/** The box for a reply to `post`. */
export function ReplyComposer(props: ReplyComposerProps) {
  const session = useSession();
  if (session === "member") return <ReplyForm {...props} />;
  return (
    <div className={classNames("py-2", !props.onCancel && "md:px-5")}>
      <Button onClick={askToSignIn}>{strings.composer.reply.signIn}</Button>
    </div>
  );
}

function ReplyForm({ post, autoFocus = false, onSent, onCancel }: ReplyComposerProps) {
  const id = useId();
  const box = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useDraft(`reply.${post.uuid}`);
  const publish = usePublishReply(post.uuid);
  const limit = config().limits.reply;
  const used = countGraphemes(text);
  const ready = !isBlank(text) && used <= limit && !publish.isPending;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    publish.mutate(
      { message: normalise(text) },
      {
        onSuccess: () => {
          setText("");
          toast(strings.composer.reply.sent);
          onSent?.();
        },
      },
    );
  };

  return (
    <form
      onSubmit={submit}
      aria-label={strings.composer.reply.label}
      className="rounded-card border border-line bg-surface px-4 py-3 focus-within:border-edge"
    >
      <MessageBox
        ref={box}
        label={strings.composer.reply.label}
        placeholder={strings.composer.reply.placeholder(post.handle)}
        value={text}
        onChange={setText}
        describedBy={`${id}-count`}
        invalid={used > limit}
        autoFocus={autoFocus}
      />
      <FormError text={publish.error ? wordsFor(publish.error) : undefined} />
      <div className="mt-2 flex items-center justify-end gap-3">
        <CounterRing id={`${id}-count`} used={used} limit={limit} />
        {onCancel && <Button onClick={onCancel}>{strings.composer.reply.cancel}</Button>}
        <Button type="submit" look="primary" disabled={!ready}>
          {publish.isPending ? strings.composer.reply.sending : strings.composer.reply.send}
        </Button>
      </div>
    </form>
  );
}
