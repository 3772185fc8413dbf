import { Amplify } from "aws-amplify";
import { fetchAuthSession } from "aws-amplify/auth";
import { ConsoleLogger } from "aws-amplify/utils";
import { config } from "@/shared/lib/config";

// The only module that knows Amplify. Import it through loadUserPool(), never directly.

const { identity } = config();

// Otherwise Amplify warns that the endpoint is not Amazon's, which is intended.
ConsoleLogger.LOG_LEVEL = "ERROR";

Amplify.configure({
  Auth: {
    Cognito: {
      userPoolId: identity.user_pool_id,
      userPoolClientId: identity.user_pool_client_id,
      userPoolEndpoint: identity.user_pool_endpoint,
      loginWith: { email: true },
    },
  },
});

export {
  confirmResetPassword,
  confirmSignUp,
  deleteUser,
  resendSignUpCode,
  resetPassword,
  signIn,
  signOut,
  signUp,
} from "aws-amplify/auth";

/** The id of the account that is signed in. */
export async function accountId(): Promise<string> {
  const { userSub } = await fetchAuthSession();
  if (!userSub) throw new Error("nobody is signed in");
  return userSub;
}

/** The access token, renewed when it has run out; null when nobody is signed in or the session is over. */
export const currentToken = (): Promise<string | null> => token(false);

/** A new access token, even when the old one has not expired; null when the session is over. */
export const freshToken = (): Promise<string | null> => token(true);

// When a refresh fails with one of these, Amplify forgets its tokens. It throws them, except for the first.
const sessionIsOver = new Set([
  "NotAuthorizedException",
  "TokenRevokedException",
  "UserNotFoundException",
  "PasswordResetRequiredException",
  "UserNotConfirmedException",
  "RefreshTokenReuseException",
]);

async function token(forceRefresh: boolean): Promise<string | null> {
  try {
    const { tokens } = await fetchAuthSession({ forceRefresh });
    return tokens?.accessToken.toString() ?? null;
  } catch (error) {
    if (error instanceof Error && sessionIsOver.has(error.name)) return null;
    throw error;
  }
}
