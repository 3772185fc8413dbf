import type { FormEvent } from "react";
import { useNavigate } from "react-router";
import { closeDialog, openDialog } from "@/shared/lib/dialogs";
import { strings } from "@/shared/lib/i18n";
import { paths } from "@/shared/lib/paths";
import { useStore } from "@/shared/lib/store";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { TextField } from "@/shared/ui/text-field";

const close = () => closeDialog("find");

/** Leads to a person's page by handle. */
export default function FindDialog() {
  const open = useStore(openDialog) === "find";
  return (
    <Dialog open={open} title={strings.find.title} onClose={close}>
      <FindForm />
    </Dialog>
  );
}

function FindForm() {
  const navigate = useNavigate();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget).get("handle");
    const handle = String(typed).trim().replace(/^@/, "").toLowerCase();
    close();
    navigate(paths.user(handle));
  };
  return (
    <form onSubmit={submit} className="mt-4 grid gap-5">
      <TextField
        label={strings.find.label}
        name="handle"
        hint={strings.find.hint}
        title={strings.find.form}
        pattern="\s*@?[A-Za-z0-9_]{2,30}\s*"
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        enterKeyHint="go"
        required
      />
      <Button type="submit" look="primary">
        {strings.find.submit}
      </Button>
    </form>
  );
}
