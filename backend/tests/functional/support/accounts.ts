// People for tests, made over the wire of the user pool. Each comes from an address of its own (the
// server trusts X-Forwarded-For from this machine), so that limits per address stay out of the way.
import assert from "node:assert/strict";
import { type Answer, call, expect } from "./api.ts";
import type { Server } from "./server.ts";
import { decodeToken } from "./tokens.ts";
import { eachAtOnce, until } from "./wait.ts";

export interface Account {
  email: string;
  handle: string;
  name: string;
  password: string;
  sub: string;
  address: string;
  token: string;
  idToken: string;
  refreshToken: string;
}

type At = Pick<Server, "url">;

export const clientId = "cruddur-web";
export const goodPassword = "correct horse battery";

let made = 0;

export function nextAddress(): string {
  const number = ++made;
  return `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
}

/** One operation of the user pool, from a given address. */
export function pool(
  server: At,
  operation: string,
  body: object,
  address = nextAddress(),
): Promise<Answer> {
  return call(server, "POST", "/cognito-idp/", {
    body: JSON.stringify(body),
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `AWSCognitoIdentityProviderService.${operation}`,
      "x-forwarded-for": address,
    },
  });
}

export async function poolOk(
  server: At,
  operation: string,
  body: object,
  address?: string,
): Promise<Answer> {
  const answer = await pool(server, operation, body, address);
  assert.equal(answer.status, 200, `${operation}: ${answer.text}`);
  return answer;
}

export function assertRefused(answer: Answer, type: string): void {
  assert.equal(answer.json?.__type, type, answer.text);
  assert(answer.status >= 400 && answer.status < 500, String(answer.status));
}

export interface Mail {
  to: string;
  subject: string;
  text: string;
  code: string;
  sent_at: string;
}

/** The outbox, newest first. */
export async function mails(server: At): Promise<Mail[]> {
  const answer = await expect(200, server, "GET", "/dev/outbox", {
    headers: { accept: "application/json" },
  });
  return answer.json.data;
}

/** The newest code that was mailed to an address. */
export async function mailedCode(server: At, email: string, subject = ""): Promise<string> {
  const found = (await mails(server)).find(
    (each) => each.to === email && each.subject.includes(subject),
  );
  assert(found, `no mail to ${email}`);
  return found.code;
}

/** Does what mails a code, and gives that code. Some mails go out after the answer. */
export async function codeFrom(
  server: At,
  email: string,
  ask: () => Promise<unknown>,
): Promise<string> {
  const mine = async () => (await mails(server)).filter((each) => each.to === email && each.code);
  const had = (await mine()).length;
  await ask();
  const [newest] = await until("the mail", 3_000, async () => {
    const all = await mine();
    return all.length > had ? all : undefined;
  });
  return (newest as Mail).code;
}

type Draft = Omit<Account, "sub" | "token" | "idToken" | "refreshToken">;

export function draftAccount(handle = `person_${process.pid}_${made + 1}`): Draft {
  const address = nextAddress();
  return {
    email: `${handle}@example.com`,
    handle,
    name: `Name of ${handle}`,
    password: goodPassword,
    address,
  };
}

export function signUp(server: At, who: Draft): Promise<Answer> {
  const attributes = [
    { Name: "email", Value: who.email },
    { Name: "name", Value: who.name },
    { Name: "preferred_username", Value: who.handle },
  ];
  const body = {
    ClientId: clientId,
    Username: who.email,
    Password: who.password,
    UserAttributes: attributes,
  };
  return pool(server, "SignUp", body, who.address);
}

export async function signIn(server: At, who: Draft): Promise<Account> {
  const answer = await poolOk(
    server,
    "InitiateAuth",
    {
      ClientId: clientId,
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: who.email, PASSWORD: who.password },
    },
    who.address,
  );
  const given = answer.json.AuthenticationResult;
  return {
    ...who,
    sub: decodeToken(given.AccessToken).payload.sub,
    token: given.AccessToken,
    idToken: given.IdToken,
    refreshToken: given.RefreshToken,
  };
}

const outboxHolds = 100;

/** Confirmed and signed in. */
export async function makeAccounts(server: At, count: number): Promise<Account[]> {
  const all: Account[] = [];
  while (all.length < count) {
    const group = Array.from({ length: Math.min(outboxHolds / 2, count - all.length) }, () =>
      draftAccount(),
    );
    await eachAtOnce(group, 8, async (who) => {
      const answer = await signUp(server, who);
      assert.equal(answer.status, 200, answer.text);
    });
    const codes = new Map((await mails(server)).map((each) => [each.to, each.code]));
    all.push(
      ...(await eachAtOnce(group, 8, async (who) => {
        const body = {
          ClientId: clientId,
          Username: who.email,
          ConfirmationCode: codes.get(who.email),
        };
        await poolOk(server, "ConfirmSignUp", body, who.address);
        return signIn(server, who);
      })),
    );
  }
  return all;
}

export async function makeAccount(server: At): Promise<Account> {
  const [only] = await makeAccounts(server, 1);
  assert(only);
  return only;
}
