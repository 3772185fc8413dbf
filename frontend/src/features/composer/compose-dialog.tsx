import { useSession } from "@/shared/lib/auth/session";
import { closeDialog, openDialog } from "@/shared/lib/dialogs";
import { strings } from "@/shared/lib/i18n";
import { useStore } from "@/shared/lib/store";
import { Dialog } from "@/shared/ui/dialog";
import { PostComposer } from "./post-composer";

const close = () => closeDialog("compose");

/** The composer in a dialog, for any page. Closing it keeps the draft, which it shares with the composer of the home page. */
export function ComposeDialog() {
  const session = useSession();
  const open = useStore(openDialog) === "compose" && session === "member";
  return (
    <Dialog open={open} wide title={strings.composer.title} onClose={close}>
      <div className="mt-3">
        <PostComposer framed={false} autoFocus onSent={close} />
      </div>
    </Dialog>
  );
}
