import { expect, it, vi } from "vitest";
import { unwrap } from "./client";

it("takes from a refusal when to come back", async () => {
  vi.useFakeTimers({ now: 5_000 });
  const response = new Response("", { status: 429, headers: { "retry-after": "42" } });
  const refused = unwrap(Promise.resolve({ error: { errors: ["rate_limited"] }, response }));
  await expect(refused).rejects.toMatchObject({ status: 429, retryAt: 47_000 });
  vi.useRealTimers();
});
