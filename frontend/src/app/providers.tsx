import { QueryClientProvider } from "@tanstack/react-query";
import { BrowserRouter } from "react-router";
import { language } from "@/shared/lib/i18n";
import { useStore } from "@/shared/lib/store";
import { ErrorBoundary } from "@/shared/ui/error-boundary";
import { queryClient } from "./query-client";
import { AppRoutes } from "./routes";

/** The whole client. It is rendered anew in another language; the cached answers stay. */
export function Providers() {
  return (
    <QueryClientProvider client={queryClient}>
      <ErrorBoundary key={useStore(language)}>
        <BrowserRouter>
          <AppRoutes />
        </BrowserRouter>
      </ErrorBoundary>
    </QueryClientProvider>
  );
}
