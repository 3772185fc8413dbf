import { useId } from "react";
import { focusPost } from "@/entities/post/focus-post";
import { authorOf, type Post } from "@/entities/post/post";
import { useSession } from "@/shared/lib/auth/session";
import { askToSignIn } from "@/shared/lib/auth/sign-in-prompt";
import { config } from "@/shared/lib/config";
import { strings } from "@/shared/lib/i18n";
import { Button } from "@/shared/ui/button";
import { classNames } from "@/shared/ui/class-names";
import { FormError } from "@/shared/ui/form-error";
import { ProblemWords } from "@/shared/ui/problem-words";
import { CounterRing } from "./counter-ring";
import { MessageBox } from "./message-box";
import { SendButton } from "./send-button";
import { useMessageForm } from "./use-message-form";
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
  const limit = config().limits.reply;
  const form = useMessageForm({
    publishing: usePublishReply(post.uuid),
    limit,
    body: (message) => ({ message }),
    onSent,
  });

  return (
    <form
      onSubmit={form.submit}
      aria-label={strings.composer.reply.label}
      className="rounded-card border border-line bg-surface px-4 py-3 focus-within:border-edge"
    >
      <MessageBox
        ref={form.box}
        label={strings.composer.reply.label}
        placeholder={strings.composer.reply.placeholder(authorOf(post).handle)}
        value={form.text}
        onChange={form.write}
        describedBy={`${id}-count`}
        invalid={form.used > limit}
        autoFocus={autoFocus}
        onEscape={() => focusPost(post.uuid)}
      />
      <FormError text={form.error && <ProblemWords error={form.error} />} />
      <div className="mt-2 flex items-center justify-end gap-3">
        <CounterRing id={`${id}-count`} used={form.used} limit={limit} />
        {onCancel && <Button onClick={onCancel}>{strings.composer.reply.cancel}</Button>}
        <SendButton
          ready={form.ready}
          pending={form.isPending}
          text={strings.composer.reply.send}
          pendingText={strings.composer.reply.sending}
        />
      </div>
    </form>
  );
}
