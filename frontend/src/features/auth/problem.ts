import type { ReactNode } from "react";
import { strings } from "@/shared/lib/i18n";
import { wordsFor } from "@/shared/lib/i18n/error-words";
import { serverNow } from "@/shared/lib/time/clock";
import { hour } from "@/shared/lib/time/duration";

export type FieldName = "name" | "handle" | "email" | "password" | "code";

/** The words for an error in a form, and the field that they stand beside; without a field they are for the whole form. */
export interface Problem {
  text: ReactNode;
  field?: FieldName;
}

export function isNamed(error: unknown, name: string): error is Error {
  return error instanceof Error && error.name === name;
}

const fields: Record<string, FieldName> = {
  AliasExistsException: "handle",
  CodeMismatchException: "code",
  ExpiredCodeException: "code",
  InvalidPasswordException: "password",
  UserNotFoundException: "email",
  UsernameExistsException: "email",
};

/** Reads an error of the user pool, or of the connection to it. */
export function problemOf(error: unknown): Problem {
  if (isNamed(error, "NotAuthorizedException")) {
    return { text: refusal(error.message) ?? strings.auth.problems.refused };
  }
  if (isNamed(error, "InvalidParameterException")) return badInput(error.message);
  const field = error instanceof Error ? fields[error.name] : undefined;
  return field ? { text: wordsFor(error), field } : { text: wordsFor(error) };
}

/** The same at sign-in, where the words must not tell whether there is an account. */
export function signInProblem(error: unknown): Problem {
  const wrong = isNamed(error, "UserNotFoundException") || isNamed(error, "NotAuthorizedException");
  if (!wrong) return problemOf(error);
  const text = refusal(error.message);
  if (text) return { text };
  return { text: strings.errors.identity.NotAuthorizedException, field: "password" };
}

// Cognito uses one name for several errors, which only its message tells apart. These are its own texts.

function refusal(message: string): string | undefined {
  if (message.includes("attempts exceeded"))
    return strings.errors.identity.TooManyRequestsException;
  if (message.includes("clock")) return strings.auth.problems.clock(hoursOff());
  if (message.includes("disabled")) return strings.auth.problems.disabled;
  if (message.includes("Invalid session")) return strings.auth.problems.tookTooLong;
  return undefined;
}

function badInput(message: string): Problem {
  const { problems } = strings.auth;
  if (message.includes("preferred_username")) return { text: problems.handle, field: "handle" };
  if (/\bname:/.test(message)) return { text: badName(message), field: "name" };
  if (/Username should be|email/.test(message)) return { text: problems.email, field: "email" };
  return { text: strings.errors.identity.InvalidParameterException };
}

function badName(message: string): string {
  const { problems } = strings.auth;
  if (message.includes("marks")) return problems.nameMarks;
  if (message.includes("direction")) return problems.nameDirections;
  return message.includes("seen") ? problems.nameUnseen : problems.name;
}

/** By how many hours the device's clock is wrong; 0 while that is not known. */
const hoursOff = (): number => Math.round(Math.abs(serverNow() - Date.now()) / hour);

/** Whether an account can't be confirmed because it is confirmed already: elsewhere, or by a request whose answer was lost. */
export function isConfirmedAlready(error: unknown): boolean {
  return isNamed(error, "NotAuthorizedException") && error.message.includes("CONFIRMED");
}
