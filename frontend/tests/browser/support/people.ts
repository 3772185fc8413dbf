// People and posts made over the wire, for tests that are about something else.
import type { Server } from "./server.ts";
import { until } from "./until.ts";

export interface Person {
  email: string;
  handle: string;
  name: string;
  password: string;
  /** A Bearer token for calls of the test itself. */
  token: string;
}

export interface Posted {
  uuid: string;
  handle: string;
  message: string;
  created_at: string;
  expires_at: string;
}

export const clientId = "cruddur-web";
const password = "a long enough password";

let addresses = 0;

/** An address nobody else comes from. */
export function nextAddress(): string {
  addresses += 1;
  return `10.9.${addresses >> 8}.${addresses & 255}`;
}

async function pool(server: Server, operation: string, body: object): Promise<unknown> {
  const response = await fetch(`${server.url}/cognito-idp/`, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `AWSCognitoIdentityProviderService.${operation}`,
      "x-forwarded-for": nextAddress(),
    },
    body: JSON.stringify({ ClientId: clientId, ...body }),
  });
  if (!response.ok) throw new Error(`${operation}: ${await response.text()}`);
  return response.json();
}

interface Mail {
  to: string;
  subject: string;
  code?: string;
}

/** How many mails the address has been sent. */
export async function mailsTo(server: Server, email: string): Promise<Mail[]> {
  const response = await fetch(`${server.url}/dev/outbox`, {
    headers: { accept: "application/json" },
  });
  const { data } = (await response.json()) as { data: Mail[] };
  return data.filter((mail) => mail.to === email);
}

/** The newest code that was mailed to `email`, once there are `mails` mails. */
export async function mailedCode(server: Server, email: string, mails = 1): Promise<string> {
  return until(`${mails} mail(s) to ${email}`, async () => {
    const found = await mailsTo(server, email);
    return found.length >= mails && found[0]?.code;
  });
}

export interface Tokens {
  AccessToken: string;
  IdToken: string;
  RefreshToken: string;
}

/** Begins a session of its own for who has an account. */
export async function beginSession(
  server: Server,
  { email, password }: Pick<Person, "email" | "password">,
): Promise<Tokens> {
  const answer = (await pool(server, "InitiateAuth", {
    AuthFlow: "USER_PASSWORD_AUTH",
    AuthParameters: { USERNAME: email, PASSWORD: password },
  })) as { AuthenticationResult: Tokens };
  return answer.AuthenticationResult;
}

/** A confirmed account. */
export async function makePerson(server: Server, handle: string, name = handle): Promise<Person> {
  const email = `${handle}@example.com`;
  const attributes = { email, name, preferred_username: handle };
  await pool(server, "SignUp", {
    Username: email,
    Password: password,
    UserAttributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
  });
  const ConfirmationCode = await mailedCode(server, email);
  await pool(server, "ConfirmSignUp", { Username: email, ConfirmationCode });
  const { AccessToken } = await beginSession(server, { email, password });
  return { email, handle, name, password, token: AccessToken };
}

/** Ends all of a person's sessions, wherever they are. */
export async function signOutEverywhere(server: Server, person: Person): Promise<void> {
  await pool(server, "GlobalSignOut", { AccessToken: person.token });
}

/** One call of the API as `person`; gives the status and the body. */
export async function call(
  server: Server,
  person: Person,
  method: string,
  path: string,
  body?: object,
): Promise<{ status: number; body: unknown }> {
  const response = await fetch(server.url + path, {
    method,
    headers: { authorization: `Bearer ${person.token}`, "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : null };
}

async function made(
  server: Server,
  person: Person,
  path: string,
  body: object,
  status: number,
): Promise<Posted> {
  const answer = await call(server, person, "POST", path, body);
  if (answer.status !== status) throw new Error(`${path}: ${JSON.stringify(answer)}`);
  return answer.body as Posted;
}

export const post = (server: Server, author: Person, message: string, ttl = "1-day") =>
  made(server, author, "/api/activities", { message, ttl }, 201);

export const reply = (server: Server, author: Person, to: Posted, message: string) =>
  made(server, author, `/api/activities/${to.uuid}/reply`, { message }, 201);

export const like = (server: Server, person: Person, what: Posted) =>
  call(server, person, "PUT", `/api/activities/${what.uuid}/like`);
