import type { View } from "./browser.ts";

/** Where the client speaks to the user pool. */
export const pool = /\/cognito-idp\/$/;

export interface Refusal {
  operation: string;
  type: string;
  message?: string;
  status?: number;
}

/** From now on the user pool refuses `operation` so; `status` 0 stands for a network that is away. */
export async function refuse(view: View, refusal: Refusal): Promise<void> {
  const { operation, type, message = "…", status = 400 } = refusal;
  await view.page.unroute(pool);
  await view.page.route(pool, (route) => {
    if (!route.request().headers()["x-amz-target"]?.endsWith(`.${operation}`)) {
      return route.fallback();
    }
    if (status === 0) return route.abort("internetdisconnected");
    const body = JSON.stringify({ __type: type, message });
    return route.fulfill({ status, contentType: "application/x-amz-json-1.1", body });
  });
}

/** Counts the calls of `operation` from now on. */
export function counting({ page }: View, operation: string): () => number {
  let calls = 0;
  page.on("request", (request) => {
    if (request.headers()["x-amz-target"]?.endsWith(`.${operation}`)) calls += 1;
  });
  return () => calls;
}
