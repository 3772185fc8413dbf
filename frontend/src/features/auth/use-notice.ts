import { useLocation } from "react-router";

/** What the page before has to say, such as "Your password is changed". */
export function useNotice(): string | undefined {
  const state: unknown = useLocation().state;
  if (typeof state !== "object" || state === null || !("notice" in state)) return undefined;
  return typeof state.notice === "string" ? state.notice : undefined;
}
