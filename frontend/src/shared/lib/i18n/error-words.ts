import { ApiProblem, Unreachable } from "@/shared/lib/api/problem";
import { strings } from ".";

const has = <T extends object>(words: T, key: string): key is keyof T & string =>
  Object.hasOwn(words, key);

/** Words for anything that was thrown or rejected. */
export function wordsFor(error: unknown): string {
  const { api, identity, unreachable, unknown } = strings.errors;
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
