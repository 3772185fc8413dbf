import { useSearchParams } from "react-router";
import { safeNext } from "@/shared/lib/paths";

/** What the URL carries from page to page: the path to return to, and the e-mail address in question. */
export function useAuthParams(): { next: string; email: string } {
  const [params] = useSearchParams();
  return { next: safeNext(params.get("next")), email: params.get("email") ?? "" };
}
