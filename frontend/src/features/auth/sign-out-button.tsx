import { useMutation } from "@tanstack/react-query";
import { LogOut } from "lucide-react";
import { signOut } from "@/shared/lib/auth/session";
import { strings } from "@/shared/lib/i18n";
import { wordsFor } from "@/shared/lib/i18n/error-words";
import { Button } from "@/shared/ui/button";
import { passFocusOn } from "@/shared/ui/focus-content";
import { toast } from "@/shared/ui/toaster-store";

export function SignOutButton() {
  const leaving = useMutation({
    mutationFn: signOut,
    onSuccess: () => toast(strings.auth.signedOut),
    onError: (error) => toast(wordsFor(error)),
  });
  return (
    <Button
      ref={passFocusOn}
      aria-disabled={leaving.isPending}
      onClick={() => leaving.isPending || leaving.mutate()}
    >
      <LogOut size={18} aria-hidden />
      {strings.nav.signOut}
    </Button>
  );
}
