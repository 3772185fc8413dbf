import { Trash2 } from "lucide-react";
import { useState } from "react";
import { useMe } from "@/entities/user/user-queries";
import { strings } from "@/shared/lib/i18n";
import { wordsFor } from "@/shared/lib/i18n/error-words";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { FormError } from "@/shared/ui/form-error";
import { toast } from "@/shared/ui/toaster-store";
import { ActionButton } from "./action-button";
import type { Post } from "./post";
import { useDeletePost } from "./use-delete-post";

interface DeleteButtonProps {
  post: Post;
  onDeleted?: (() => void) | undefined;
}

/** Deletes one's own post after a question; nothing for other people's. */
export function DeleteButton({ post, onDeleted }: DeleteButtonProps) {
  const me = useMe();
  const [asking, setAsking] = useState(false);
  const deletion = useDeletePost();
  if (!me || me.uuid !== post.user_uuid) return null;

  const remove = () =>
    deletion.mutate(post, {
      onSuccess: () => {
        setAsking(false);
        toast(strings.deletion.done);
        onDeleted?.();
      },
    });

  return (
    <>
      <ActionButton
        icon={Trash2}
        label={strings.post.delete}
        className="hover:text-danger!"
        onClick={() => setAsking(true)}
      />
      <Dialog open={asking} title={strings.deletion.title} onClose={() => setAsking(false)}>
        <p className="mt-3 mb-6 text-soft">
          {post.replies_count > 0 ? strings.deletion.bodyWithReplies : strings.deletion.body}
        </p>
        <FormError text={deletion.error ? wordsFor(deletion.error) : undefined} />
        <div className="mt-4 flex flex-wrap justify-end gap-3">
          <Button onClick={() => setAsking(false)}>{strings.deletion.cancel}</Button>
          <Button look="danger" disabled={deletion.isPending} onClick={remove}>
            {strings.deletion.confirm}
          </Button>
        </div>
      </Dialog>
    </>
  );
}
