import type { components } from "@/generated/api";

export type ErrorCode = components["schemas"]["ErrorCode"];

/** The named errors of the user pool and its client for which there are better words than "something went wrong". */
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
  /** For `rate_limited` when the time to wait is known, and for when it is over. */
  wait: (time: string) => string;
  waited: string;
  api: Record<ErrorCode, string>;
  identity: Record<IdentityError, string>;
}
