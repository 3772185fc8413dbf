import { ApiProblem, Unreachable } from "@/shared/lib/api/problem";
import { serverNow } from "@/shared/lib/time/clock";
import { waitingTime } from "@/shared/lib/time/format";
import { strings } from ".";

const has = <T extends object>(words: T, key: string): key is keyof T & string =>
  Object.hasOwn(words, key);

/** When a request that was refused by a rate limit may be tried again, in Unix ms by the server's clock. */
export function waitsUntil(error: unknown): number | undefined {
  return error instanceof ApiProblem && error.has("rate_limited") ? error.retryAt : undefined;
}

/** The words for any error. `now` is the time by the server's clock. */
export function wordsFor(error: unknown, now = serverNow()): string {
  const { api, identity, unreachable, unknown, wait, waited } = strings.errors;
  const until = waitsUntil(error);
  if (until !== undefined) return until > now ? wait(waitingTime(until - now)) : waited;
  if (error instanceof Unreachable) return unreachable;
  if (error instanceof ApiProblem) {
    const code = error.codes.find((each) => has(api, each));
    if (code && has(api, code)) return api[code];
    return error.status >= 500 ? api.internal_error : unknown;
  }
  if (error instanceof Error) {
    if (has(identity, error.name)) return identity[error.name];
    if (error.name === "NetworkError") return unreachable;
  }
  return unknown;
}
