import { Navigate, Outlet } from "react-router";
import { useSession } from "@/shared/lib/auth/session";
import { useAuthParams } from "./use-auth-params";

/** Wraps the pages of signing in. A member, and one who has just signed in here or in another tab, is sent to the return path. */
export function VisitorsOnly() {
  const { next } = useAuthParams();
  return useSession() === "member" ? <Navigate to={next} replace /> : <Outlet />;
}
