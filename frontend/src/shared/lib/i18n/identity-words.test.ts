import { afterEach, expect, it } from "vitest";
import { chooseLanguage, strings } from ".";
import { wordsFor } from "./error-words";
import type { Language } from "./languages";

// What the user pool answers, and what its client throws by itself.
const names = [
  "AliasExistsException",
  "CodeDeliveryFailureException",
  "CodeMismatchException",
  "ExpiredCodeException",
  "InternalErrorException",
  "InvalidParameterException",
  "InvalidPasswordException",
  "LimitExceededException",
  "NetworkError",
  "NotAuthorizedException",
  "PasswordResetRequiredException",
  "RefreshTokenReuseException",
  "TokenRevokedException",
  "TooManyFailedAttemptsException",
  "TooManyRequestsException",
  "UserAlreadyAuthenticatedException",
  "UserNotConfirmedException",
  "UserNotFoundException",
  "UsernameExistsException",
];

afterEach(() => chooseLanguage("en"));

it.each<Language>(["en", "de"])("has words of its own for every error in %s", async (language) => {
  await chooseLanguage(language);
  for (const name of names) {
    const words = wordsFor(Object.assign(new Error("…"), { name }));
    expect(words, name).not.toBe("");
    expect(words, name).not.toBe(strings.errors.unknown);
  }
});
