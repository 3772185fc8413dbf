import { Navigate, Outlet } from "react-router";
import { useSession } from "@/shared/lib/auth/session";
import { useAuthParams } from "./use-auth-params";

/** Pages that bring a visitor in. Who is in, or has just come in, here or in another tab, is led on to where they were going. */
export function VisitorsOnly() {
  const { next } = useAuthParams();
  return useSession() === "member" ? <Navigate to={next} replace /> : <Outlet />;
}
