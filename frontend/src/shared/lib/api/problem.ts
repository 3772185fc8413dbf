import { serverNow } from "@/shared/lib/time/clock";
import { second } from "@/shared/lib/time/duration";

/** An error that the server answered with. Its codes are those of the contract's ErrorCode, or newer ones. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";

  constructor(
    readonly status: number,
    readonly codes: readonly string[],
    readonly field?: string,
    readonly requestId?: string,
    /** When asking again may succeed, Unix ms by the server's clock; undefined if the server did not say. */
    readonly retryAt?: number,
  ) {
    super(`${status} ${codes.join(" ")}`);
  }

  has(code: string): boolean {
    return this.codes.includes(code);
  }
}

/** A request without an answer: offline, refused, or broken off. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

/** The moment that `Retry-After` gives as seconds from now. */
function momentOf(retryAfter: string | null): number | undefined {
  const isSeconds = retryAfter !== null && /^\d{1,9}$/.test(retryAfter);
  return isSeconds ? serverNow() + Number(retryAfter) * second : undefined;
}

/**
 * Reads a problem+json body. Any other body gives a problem without codes. `retryAfter` is the value of the header.
 */
export function toProblem(
  status: number,
  body: unknown,
  retryAfter: string | null = null,
): ApiProblem {
  const retryAt = momentOf(retryAfter);
  if (typeof body !== "object" || body === null) {
    return new ApiProblem(status, [], undefined, undefined, retryAt);
  }
  const { errors, field, request_id } = body as Record<string, unknown>;
  return new ApiProblem(
    status,
    Array.isArray(errors) ? errors.filter((code) => typeof code === "string") : [],
    typeof field === "string" ? field : undefined,
    typeof request_id === "string" ? request_id : undefined,
    retryAt,
  );
}

/** Whether the request needs a sign-in. */
export function needsSignIn(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 401;
}
