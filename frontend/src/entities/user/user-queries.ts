import { queryOptions, useQuery } from "@tanstack/react-query";
import type { components } from "@/generated/api";
import { api, unwrap } from "@/shared/lib/api/client";
import { useSession } from "@/shared/lib/auth/session";
import { minute } from "@/shared/lib/time/duration";

export type Profile = components["schemas"]["Profile"];

export const userKeys = {
  me: ["users", "me"] as const,
  profile: (handle: string) => ["users", "profile", handle] as const,
};

export const profileQuery = (handle: string) =>
  queryOptions({
    queryKey: userKeys.profile(handle),
    queryFn: ({ signal }) =>
      unwrap(api().GET("/api/users/@{handle}", { params: { path: { handle } }, signal })),
    staleTime: minute,
  });

const meQuery = queryOptions({
  queryKey: userKeys.me,
  queryFn: ({ signal }) => unwrap(api().GET("/api/profile/me", { signal })),
  staleTime: Number.POSITIVE_INFINITY,
});

/** One's own profile; undefined for visitors and while it is being loaded. */
export function useMe(): Profile | undefined {
  const enabled = useSession() === "member";
  const { data } = useQuery({ ...meQuery, enabled });
  return enabled ? data : undefined;
}
