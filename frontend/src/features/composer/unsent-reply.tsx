import { showDialog } from "@/shared/lib/dialogs";
import { strings } from "@/shared/lib/i18n";
import { Button } from "@/shared/ui/button";
import { replyDraft, useDraft } from "./use-draft";

/** The reply that one had begun to write to the post `parent`, which is gone; nothing when there is none. */
export function UnsentReply({ parent }: { parent: string }) {
  const [text, setText] = useDraft(replyDraft(parent));
  const [post, setPost] = useDraft("post");
  if (!text) return null;

  const makePost = () => {
    setPost(post ? `${post}\n\n${text}` : text);
    setText("");
    showDialog("compose");
  };
  return (
    <section className="mx-4 rounded-card border border-line bg-surface p-5 md:mx-0">
      <h2 className="text-title-s">{strings.composer.unsent.title}</h2>
      <p dir="auto" className="mt-3 max-h-60 overflow-y-auto whitespace-pre-wrap">
        {text}
      </p>
      <div className="mt-5 flex flex-wrap justify-end gap-3">
        <Button onClick={() => setText("")}>{strings.composer.unsent.discard}</Button>
        <Button look="primary" onClick={makePost}>
          {strings.composer.unsent.makePost}
        </Button>
      </div>
    </section>
  );
}
