import { useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useMe } from "@/entities/user/user-queries";
import { strings } from "@/shared/lib/i18n";
import { wordsFor } from "@/shared/lib/i18n/error-words";
import { toast } from "@/shared/ui/toaster-store";
import { ActionButton } from "./action-button";
import { focusBeside, focusPost } from "./focus-post";
import { loadDeletions } from "./load-deletions";
import { authorOf, type Post } from "./post";

/** Deletes one's own post, which can be undone for a few seconds. Renders nothing for other people's posts. */
export function DeleteButton({ post }: { post: Post }) {
  const client = useQueryClient();
  const me = useMe();
  if (!me || me.uuid !== authorOf(post).uuid) return null;

  const remove = async (button: HTMLElement) => {
    try {
      const { takeBack } = await loadDeletions();
      const leavesMark = !button.closest("[role=feed]") && post.replies_count > 0;
      if (leavesMark) focusPost(post.uuid);
      else focusBeside(button);
      takeBack(client, post);
    } catch (error) {
      toast(wordsFor(error));
    }
  };

  return (
    <ActionButton
      icon={Trash2}
      label={strings.post.delete}
      className="hover:text-danger!"
      data-action="delete"
      onClick={({ currentTarget }) => void remove(currentTarget)}
    />
  );
}
