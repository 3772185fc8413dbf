import { DeleteAccount } from "@/features/auth/delete-account";
import { SignOutButton } from "@/features/auth/sign-out-button";
import { Settings } from "@/features/settings/settings";
import { useSession } from "@/shared/lib/auth/session";
import { strings } from "@/shared/lib/i18n";
import { usePageTitle } from "@/shared/ui/page-title";

export default function SettingsPage() {
  const session = useSession();
  usePageTitle(strings.settings.title);
  return (
    <div className="px-4 py-6 md:px-5">
      <h1 className="text-title-xl">{strings.settings.title}</h1>
      <Settings account={session === "member" && <AccountActions />} />
    </div>
  );
}

function AccountActions() {
  return (
    <div className="grid justify-items-start gap-3">
      <SignOutButton />
      <DeleteAccount />
    </div>
  );
}
