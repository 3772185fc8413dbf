import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { deleteAccount } from "@/shared/lib/auth/session";
import { strings } from "@/shared/lib/i18n";
import { wordsFor } from "@/shared/lib/i18n/error-words";
import { paths } from "@/shared/lib/paths";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { FormError } from "@/shared/ui/form-error";
import { toast } from "@/shared/ui/toaster-store";

/** Ends one's account, after asking once. */
export function DeleteAccount() {
  const words = strings.auth.deleteAccount;
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const deleting = useMutation({
    mutationFn: deleteAccount,
    onSuccess: () => {
      toast(words.done);
      return navigate(paths.home);
    },
  });
  const ask = () => {
    deleting.reset();
    setAsking(true);
  };
  const close = () => setAsking(false);
  return (
    <>
      <Button className="text-danger!" onClick={ask}>
        {words.ask}
      </Button>
      <Dialog open={asking} title={words.title} onClose={close}>
        <p className="mt-3 mb-6 text-soft text-pretty">{words.body}</p>
        <div className="grid gap-3">
          <FormError text={deleting.error && wordsFor(deleting.error)} />
          <Button onClick={close}>{words.cancel}</Button>
          <Button
            look="danger"
            aria-disabled={deleting.isPending}
            onClick={() => deleting.isPending || deleting.mutate()}
          >
            {deleting.isPending ? words.busy : words.submit}
          </Button>
        </div>
      </Dialog>
    </>
  );
}
