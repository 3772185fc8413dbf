import type { components } from "@/generated/api";
import { ApiProblem, Unreachable } from "@/shared/lib/api/problem";

export type ErrorCode = components["schemas"]["ErrorCode"];

// What people read instead of a code. The type makes a code without words a compile error.
const apiWords: Record<ErrorCode, string> = {
  activity_deleted: "This post was taken back by its author.",
  activity_expired: "This post's time was up.",
  activity_not_found: "There is no such post.",
  advance_seconds_invalid: "The clock can only be moved forward.",
  body_too_large: "That is too much at once.",
  content_type_invalid: "The server could not read that.",
  cursor_invalid: "This list has moved on. Load it again.",
  database_busy: "The server is busy. Try again in a moment.",
  database_unavailable: "The server is busy. Try again in a moment.",
  handler_timeout: "The server took too long. Try again in a moment.",
  headers_too_large: "The server could not read that.",
  idempotency_key_invalid: "That could not be sent safely. Try again.",
  internal_error: "Something broke on our side. Try again.",
  issuer_unavailable: "Your sign-in can't be checked right now. Try again in a moment.",
  json_invalid: "The server could not read that.",
  limit_invalid: "The server could not read that.",
  message_blank: "Write something first.",
  message_exceed_max_chars: "That is too long.",
  message_invalid: "There are characters in it that can't be shown. Remove them and try again.",
  method_not_allowed: "The server does not do that.",
  not_author: "Only its author can delete a post.",
  origin_forbidden: "This page may not talk to the server.",
  path_not_found: "There is nothing here.",
  profile_missing: "Your account has no profile here. Sign out and in again.",
  request_timeout: "That took too long to arrive. Try again.",
  server_busy: "The server is busy. Try again in a moment.",
  target_too_long: "The server could not read that.",
  token_expired: "You have been signed out. Sign in again.",
  token_invalid: "You have been signed out. Sign in again.",
  token_revoked: "You have been signed out. Sign in again.",
  too_many_connections: "The server is busy. Try again in a moment.",
  ttl_blank: "Choose how long it should live.",
  ttl_invalid: "Choose how long it should live.",
  unauthenticated: "Sign in first.",
  user_not_found: "Nobody here uses this handle.",
};

// The user pool's errors, by their `__type`.
const identityWords = {
  AliasExistsException: "That handle is taken.",
  CodeDeliveryFailureException: "The mail could not be sent. Try again in a moment.",
  CodeMismatchException: "That is not the code. Look again, or ask for a new one.",
  ExpiredCodeException: "That code is too old. Ask for a new one.",
  InvalidParameterException: "Something in the form is not right. Look it over.",
  InvalidPasswordException: "That password is too easy. Make it longer.",
  LimitExceededException: "Too many tries. Wait a while and try again.",
  NotAuthorizedException: "Email or password is wrong.",
  PasswordResetRequiredException: "Set a new password first.",
  TooManyFailedAttemptsException: "Too many tries. Wait a while and try again.",
  TooManyRequestsException: "Too many tries. Wait a while and try again.",
  UserNotConfirmedException: "Confirm your address first.",
  UserNotFoundException: "Email or password is wrong.",
  UsernameExistsException: "There is an account with this address. Sign in, or set a new password.",
} as const;

export type IdentityError = keyof typeof identityWords;

const unreachable = "The server can't be reached. Check your connection and try again.";
const unknown = "Something went wrong. Try again.";

const has = <T extends object>(words: T, key: string): key is keyof T & string =>
  Object.hasOwn(words, key);

/** Words for anything that was thrown or rejected. */
export function wordsFor(error: unknown): string {
  if (error instanceof Unreachable) return unreachable;
  if (error instanceof ApiProblem) {
    const code = error.codes.find((each) => has(apiWords, each));
    if (code && has(apiWords, code)) return apiWords[code];
    return error.status >= 500 ? apiWords.internal_error : unknown;
  }
  if (error instanceof Error) {
    if (has(identityWords, error.name)) return identityWords[error.name];
    if (error.name === "NetworkError") return unreachable;
  }
  return unknown;
}
