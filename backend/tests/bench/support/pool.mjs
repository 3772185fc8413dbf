// Accounts for benchmarks, by the calls that any Cognito client makes.
let count = 0;

async function call(url, operation, body, headers = {}) {
  const answer = await fetch(`${url}/cognito-idp/`, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `AWSCognitoIdentityProviderService.${operation}`,
      ...headers,
    },
    body: JSON.stringify({ ClientId: "cruddur-web", ...body }),
  });
  return { status: answer.status, body: await answer.json() };
}

const password = "Bench-mark-1!";

export async function makeAccount(url, headers = {}) {
  const handle = `bench_${process.pid}_${count++}`;
  const email = `${handle}@example.org`;
  const attributes = { email, name: handle, preferred_username: handle };
  const UserAttributes = Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }));
  const made = await call(
    url,
    "SignUp",
    { Username: email, Password: password, UserAttributes },
    headers,
  );
  if (made.status !== 200) throw new Error(JSON.stringify(made.body));
  const mails = await (await fetch(`${url}/dev/outbox`)).json();
  const code = mails.data.find((mail) => mail.to === email).code;
  await call(url, "ConfirmSignUp", { Username: email, ConfirmationCode: code }, headers);
  const signedIn = await signIn(url, email, password, headers);
  return { email, handle, token: signedIn.body.AuthenticationResult.AccessToken };
}

export function signIn(url, email, given = password, headers = {}) {
  return call(
    url,
    "InitiateAuth",
    { AuthFlow: "USER_PASSWORD_AUTH", AuthParameters: { USERNAME: email, PASSWORD: given } },
    headers,
  );
}
