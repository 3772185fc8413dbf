import { QueryClient } from "@tanstack/react-query";
import { userKeys } from "@/entities/user/user-queries";
import { ApiProblem } from "@/shared/lib/api/problem";
import { isMember, onSessionChange } from "@/shared/lib/auth/session";

const retries = 2;

/** Whether a request should be tried again: not after an error that the server answered with, nor without a network. */
function mayRetry(failures: number, error: unknown): boolean {
  if (failures >= retries || !navigator.onLine) return false;
  return !(error instanceof ApiProblem) || error.status >= 500;
}

export const queryClient = new QueryClient({
  defaultOptions: {
    // Without a network a request fails at once, so that the page can say so. By default it would wait silently.
    queries: {
      retry: mayRetry,
      networkMode: "always",
      refetchOnReconnect: true,
      refetchOnWindowFocus: false,
    },
    mutations: { retry: false, networkMode: "always" },
  },
});

// Another person likes other posts, so all is asked for anew. A visitor must not ask for a profile of their own.
onSessionChange(() => {
  if (!isMember()) queryClient.removeQueries({ queryKey: userKeys.me });
  void queryClient.resetQueries();
});
