import type { Page } from "playwright-core";
import { beginSession, clientId, type Person } from "./people.ts";
import type { Server } from "./server.ts";

/** What a sign-in of `person` leaves in the browser's storage: Amplify's tokens and the client's own marks. */
async function traces(
  server: Server,
  person: Pick<Person, "email" | "password">,
): Promise<Record<string, string>> {
  const tokens = await beginSession(server, person);
  const { sub, iat } = claims(tokens.AccessToken);
  const client = `CognitoIdentityServiceProvider.${clientId}`;
  const details = { loginId: person.email, authFlowType: "USER_SRP_AUTH" };
  return {
    [`${client}.LastAuthUser`]: sub,
    [`${client}.${sub}.accessToken`]: tokens.AccessToken,
    [`${client}.${sub}.idToken`]: tokens.IdToken,
    [`${client}.${sub}.refreshToken`]: tokens.RefreshToken,
    [`${client}.${sub}.clockDrift`]: String(iat * 1000 - Date.now()),
    [`${client}.${sub}.signInDetails`]: JSON.stringify(details),
    "cruddur.signed-in": sub,
    "cruddur.drafts-of": sub,
  };
}

function claims(token: string): { sub: string; iat: number } {
  const [, body = ""] = token.split(".");
  return JSON.parse(Buffer.from(body, "base64url").toString());
}

/** Has the page's next load find a new session of `person`. The later ones find what the client made of it. */
export async function plantSession(
  page: Page,
  server: Server,
  person: Pick<Person, "email" | "password">,
): Promise<AsyncDisposable> {
  return page.addInitScript(
    (items) => {
      for (const [key, value] of Object.entries(items)) localStorage.setItem(key, value);
    },
    await traces(server, person),
  );
}
