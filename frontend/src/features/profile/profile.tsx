import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { PostFeed } from "@/entities/post/post-feed";
import { userPostsQuery } from "@/entities/post/post-queries";
import { PostSkeletons } from "@/entities/post/post-skeleton";
import { profileQuery, useMe } from "@/entities/user/user-queries";
import { ApiProblem } from "@/shared/lib/api/problem";
import { strings } from "@/shared/lib/i18n";
import { EmptyState } from "@/shared/ui/empty-state";
import { GonePage } from "@/shared/ui/gone-page";
import { Notice } from "@/shared/ui/notice";
import { usePageTitle } from "@/shared/ui/page-title";
import { ProfileHeader } from "./profile-header";

interface ProfileProps {
  handle: string;
  /** The controls on one's own page. */
  ownActions: ReactNode;
}

/** A person's page: who they are, and their live posts. */
export function Profile({ handle, ownActions }: ProfileProps) {
  const me = useMe();
  const { data, error, refetch } = useQuery(profileQuery(handle));
  const nobody = error instanceof ApiProblem && error.status === 404;
  usePageTitle(data?.display_name ?? (nobody ? strings.gone.user.title : `@${handle}`));

  if (nobody) return <GonePage words={strings.gone.user} />;
  if (!data) {
    return error ? (
      <Notice error={error} onRetry={() => void refetch()} />
    ) : (
      <PostSkeletons label={strings.profile.loading} count={3} />
    );
  }
  return (
    <>
      <ProfileHeader profile={data}>{me?.uuid === data.uuid && ownActions}</ProfileHeader>
      <h2 className="sr-only">{strings.profile.posts}</h2>
      <PostFeed
        query={userPostsQuery(data.handle)}
        label={strings.profile.posts}
        empty={
          <EmptyState title={strings.feed.emptyUser.title} body={strings.feed.emptyUser.body} />
        }
      />
    </>
  );
}
