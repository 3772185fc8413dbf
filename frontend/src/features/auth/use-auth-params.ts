import { useSearchParams } from "react-router";
import { safeNext } from "@/shared/lib/paths";

/** What the address carries from page to page: where to return, and whose address it is about. */
export function useAuthParams(): { next: string; email: string } {
  const [params] = useSearchParams();
  return { next: safeNext(params.get("next")), email: params.get("email") ?? "" };
}
