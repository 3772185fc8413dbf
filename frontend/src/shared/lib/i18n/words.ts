import type { components } from "@/generated/api";

export type ErrorCode = components["schemas"]["ErrorCode"];

/** What the user pool and its client say by name, as far as there is more to say than "something went wrong". */
export type IdentityError =
  | "AliasExistsException"
  | "CodeDeliveryFailureException"
  | "CodeMismatchException"
  | "ExpiredCodeException"
  | "InternalErrorException"
  | "InvalidParameterException"
  | "InvalidPasswordException"
  | "LimitExceededException"
  | "NotAuthorizedException"
  | "PasswordResetRequiredException"
  | "RefreshTokenReuseException"
  | "TokenRevokedException"
  | "TooManyFailedAttemptsException"
  | "TooManyRequestsException"
  | "UserAlreadyAuthenticatedException"
  | "UserNotConfirmedException"
  | "UserNotFoundException"
  | "UsernameExistsException";

/** What people read instead of a code. A code without words does not compile. */
export interface ErrorWords {
  unreachable: string;
  unknown: string;
  /** For `rate_limited` while it is known how long, and once that is over. */
  wait: (time: string) => string;
  waited: string;
  api: Record<ErrorCode, string>;
  identity: Record<IdentityError, string>;
}
