import { CalendarDays } from "lucide-react";
import type { ReactNode } from "react";
import type { Profile } from "@/entities/user/user-queries";
import { strings } from "@/shared/lib/i18n";
import { month } from "@/shared/lib/time/format";
import { Avatar } from "@/shared/ui/avatar";

interface ProfileHeaderProps {
  profile: Profile;
  children?: ReactNode;
}

export function ProfileHeader({ profile, children }: ProfileHeaderProps) {
  return (
    <header className="px-4 pt-4 pb-6 md:px-5">
      <div className="flex items-center justify-between gap-4">
        <Avatar handle={profile.handle} name={profile.display_name} size="large" />
        {children}
      </div>
      <h1 className="mt-4 overflow-clip text-title-l">{profile.display_name}</h1>
      <p className="mt-1 text-soft">
        <bdi>@{profile.handle}</bdi>
      </p>
      {profile.bio && (
        <p dir="auto" className="mt-3 overflow-clip whitespace-pre-wrap">
          {profile.bio}
        </p>
      )}
      <p className="mt-3 flex items-center gap-2 text-small text-faint">
        <CalendarDays size={16} aria-hidden />
        {strings.profile.since(month(Date.parse(profile.created_at)))}
      </p>
    </header>
  );
}
