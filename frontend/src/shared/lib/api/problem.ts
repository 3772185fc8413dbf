/** An answer that is an error: its codes are those of the contract's ErrorCode, or newer ones. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";

  constructor(
    readonly status: number,
    readonly codes: readonly string[],
    readonly field?: string,
    readonly requestId?: string,
  ) {
    super(`${status} ${codes.join(" ")}`);
  }

  has(code: string): boolean {
    return this.codes.includes(code);
  }
}

/** No answer at all: offline, refused, or broken off. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

/** Reads a problem+json body; whatever else the body is gives a problem without codes. */
export function toProblem(status: number, body: unknown): ApiProblem {
  if (typeof body !== "object" || body === null) return new ApiProblem(status, []);
  const { errors, field, request_id } = body as Record<string, unknown>;
  return new ApiProblem(
    status,
    Array.isArray(errors) ? errors.filter((code) => typeof code === "string") : [],
    typeof field === "string" ? field : undefined,
    typeof request_id === "string" ? request_id : undefined,
  );
}

/** Whether the server wants to know who is asking. */
export function needsSignIn(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 401;
}
