import { QueryClient } from "@tanstack/react-query";
import { userKeys } from "@/entities/user/user-queries";
import { ApiProblem } from "@/shared/lib/api/problem";
import { isMember, onSessionChange } from "@/shared/lib/auth/session";

const retries = 2;

/** Whether asking again may help: not when the server has said no, nor without a network. */
function mayRetry(failures: number, error: unknown): boolean {
  if (failures >= retries || !navigator.onLine) return false;
  return !(error instanceof ApiProblem) || error.status >= 500;
}

export const queryClient = new QueryClient({
  defaultOptions: {
    // A request without a network fails at once and in words, where it would otherwise wait without any.
    queries: {
      retry: mayRetry,
      networkMode: "always",
      refetchOnReconnect: true,
      refetchOnWindowFocus: false,
    },
    mutations: { retry: false, networkMode: "always" },
  },
});

// What is liked, and by whom, is another matter for another person. A visitor must not ask who they are.
onSessionChange(() => {
  if (!isMember()) queryClient.removeQueries({ queryKey: userKeys.me });
  void queryClient.resetQueries();
});
