// The user pool as the AWS SDK and a careful attacker see it.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import * as sdk from "@aws-sdk/client-cognito-identity-provider";
import {
  type Account,
  assertRefused,
  clientId,
  codeFrom,
  draftAccount,
  goodPassword,
  mailedCode,
  makeAccount,
  pool,
  poolOk,
  signIn,
  signUp,
} from "./support/accounts.ts";
import { advanceClock, assertProblem, call, expect } from "./support/api.ts";
import { type Server, startServer } from "./support/server.ts";
import { engines, Storage } from "./support/storage.ts";
import { until } from "./support/wait.ts";

const codeLifetimeSeconds = 15 * 60;

for (const engine of engines) {
  describe(`the user pool on ${engine}`, () => {
    let storage: Storage;
    let server: Server;
    let client: sdk.CognitoIdentityProviderClient;

    before(async () => {
      storage = new Storage(engine);
      server = await startServer({ ...storage.settings, CLOCK_MOVABLE: "true" });
      client = new sdk.CognitoIdentityProviderClient({
        region: "local",
        endpoint: `${server.url}/cognito-idp/`,
        maxAttempts: 1,
        credentials: { accessKeyId: "unused", secretAccessKey: "unused" },
      });
    });
    after(async () => {
      client.destroy();
      await server.stop();
      storage[Symbol.dispose]();
    });

    const profile = (token: string) => call(server, "GET", "/api/profile/me", { token });
    const rotate = (RefreshToken: string) =>
      pool(server, "GetTokensFromRefreshToken", { ClientId: clientId, RefreshToken });
    const assertSessionOver = (token: string) =>
      until(
        "the access token to be refused",
        1_000,
        async () => (await profile(token)).status === 401,
      );

    it("serves the AWS SDK from sign-up to the end of the account", async () => {
      const who = draftAccount("sdk_user");
      const made = await client.send(
        new sdk.SignUpCommand({
          ClientId: clientId,
          Username: who.email,
          Password: who.password,
          UserAttributes: [
            { Name: "email", Value: who.email },
            { Name: "name", Value: who.name },
            { Name: "preferred_username", Value: who.handle },
          ],
        }),
      );
      assert.equal(made.UserConfirmed, false);
      assert.equal(made.CodeDeliveryDetails?.DeliveryMedium, "EMAIL");
      assert(!made.CodeDeliveryDetails?.Destination?.includes(who.email), "the address is masked");
      const code = await mailedCode(server, who.email);
      await client.send(
        new sdk.ConfirmSignUpCommand({
          ClientId: clientId,
          Username: who.email,
          ConfirmationCode: code,
        }),
      );

      const AuthParameters = { USERNAME: who.email, PASSWORD: who.password };
      const signedIn = await client.send(
        new sdk.InitiateAuthCommand({
          ClientId: clientId,
          AuthFlow: "USER_PASSWORD_AUTH",
          AuthParameters,
        }),
      );
      const { AccessToken, RefreshToken, IdToken } = signedIn.AuthenticationResult ?? {};
      assert(AccessToken && RefreshToken && IdToken);
      assert.equal(signedIn.AuthenticationResult?.TokenType, "Bearer");
      assert.equal(signedIn.AuthenticationResult?.ExpiresIn, 3600);

      const refreshed = await client.send(
        new sdk.InitiateAuthCommand({
          ClientId: clientId,
          AuthFlow: "REFRESH_TOKEN_AUTH",
          AuthParameters: { REFRESH_TOKEN: RefreshToken },
        }),
      );
      assert(refreshed.AuthenticationResult?.AccessToken);
      assert.equal(
        refreshed.AuthenticationResult?.RefreshToken,
        undefined,
        "this older call keeps the refresh token",
      );
      const rotated = await client.send(
        new sdk.GetTokensFromRefreshTokenCommand({ ClientId: clientId, RefreshToken }),
      );
      assert(rotated.AuthenticationResult?.RefreshToken);

      const user = await client.send(new sdk.GetUserCommand({ AccessToken }));
      const attributes = new Map(user.UserAttributes?.map((each) => [each.Name, each.Value]));
      assert.equal(attributes.get("email"), who.email);
      assert.equal(attributes.get("sub"), made.UserSub);

      await client.send(
        new sdk.ChangePasswordCommand({
          AccessToken,
          PreviousPassword: who.password,
          ProposedPassword: "a better password",
        }),
      );
      await client.send(
        new sdk.RevokeTokenCommand({
          ClientId: clientId,
          Token: rotated.AuthenticationResult.RefreshToken,
        }),
      );
      await assert.rejects(
        client.send(new sdk.GetUserCommand({ AccessToken })),
        sdk.NotAuthorizedException,
      );

      const again = await signIn(server, { ...who, password: "a better password" });
      await client.send(new sdk.GlobalSignOutCommand({ AccessToken: again.token }));
      await assert.rejects(
        client.send(new sdk.GetUserCommand({ AccessToken: again.token })),
        sdk.NotAuthorizedException,
      );
      const last = await signIn(server, { ...who, password: "a better password" });
      await client.send(new sdk.DeleteUserCommand({ AccessToken: last.token }));
      await assert.rejects(
        client.send(new sdk.GetUserCommand({ AccessToken: last.token })),
        sdk.NotAuthorizedException,
      );
    });

    it("refusals are the SDK's own exceptions", async () => {
      const who = await makeAccount(server);
      const waiting = draftAccount();
      await signUp(server, waiting);
      const start = (USERNAME: string, PASSWORD: string) =>
        client.send(
          new sdk.InitiateAuthCommand({
            ClientId: clientId,
            AuthFlow: "USER_PASSWORD_AUTH",
            AuthParameters: { USERNAME, PASSWORD },
          }),
        );
      await assert.rejects(start(who.email, "not the password"), sdk.NotAuthorizedException);
      await assert.rejects(start("nobody@example.com", who.password), sdk.NotAuthorizedException);
      await assert.rejects(start(waiting.email, waiting.password), sdk.UserNotConfirmedException);
      const confirm = (Username: string, ConfirmationCode: string) =>
        client.send(
          new sdk.ConfirmSignUpCommand({ ClientId: clientId, Username, ConfirmationCode }),
        );
      const right = await mailedCode(server, waiting.email);
      await assert.rejects(
        confirm(waiting.email, right === "111111" ? "111112" : "111111"),
        sdk.CodeMismatchException,
      );
      const send = (
        Username: string,
        Password: string,
        attributes: Record<string, string>,
        ClientId = clientId,
      ) =>
        client.send(
          new sdk.SignUpCommand({
            ClientId,
            Username,
            Password,
            UserAttributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
          }),
        );
      const names = { name: "Name", preferred_username: "new_handle" };
      await assert.rejects(send(who.email, goodPassword, names), sdk.UsernameExistsException);
      await assert.rejects(
        send("new@example.com", goodPassword, { ...names, preferred_username: who.handle }),
        sdk.AliasExistsException,
      );
      await assert.rejects(send("new@example.com", "short", names), sdk.InvalidPasswordException);
      await assert.rejects(
        send("not an email", goodPassword, names),
        sdk.InvalidParameterException,
      );
      await assert.rejects(
        send("new@example.com", goodPassword, { ...names, preferred_username: "no spaces" }),
        sdk.InvalidParameterException,
      );
      await assert.rejects(
        send("new@example.com", goodPassword, { ...names, name: "x".repeat(51) }),
        sdk.InvalidParameterException,
      );
      await assert.rejects(
        send("new@example.com", goodPassword, names, "another-client"),
        sdk.ResourceNotFoundException,
      );
      await assert.rejects(
        client.send(new sdk.GetUserCommand({ AccessToken: "not.a.token" })),
        sdk.NotAuthorizedException,
      );
      const unknown = await pool(server, "AdminDeleteUser", {});
      assertRefused(unknown, "UnknownOperationException");
    });

    it("a code serves once, for a while, and no wrong one spoils it", async () => {
      const who = await makeAccount(server);
      const forgot = () =>
        poolOk(server, "ForgotPassword", { ClientId: clientId, Username: who.email });
      const set = (ConfirmationCode: string) =>
        pool(server, "ConfirmForgotPassword", {
          ClientId: clientId,
          Username: who.email,
          ConfirmationCode,
          Password: "a new password",
        });
      const nextCode = () => codeFrom(server, who.email, forgot);
      const late = await nextCode();
      await advanceClock(server, codeLifetimeSeconds + 1);
      assertRefused(await set(late), "ExpiredCodeException");

      const good = await nextCode();
      for (let i = 1; i <= 7; ++i) {
        const wrong = String((Number(good) + i) % 10_000_000_000).padStart(10, "0");
        assertRefused(await set(wrong), "CodeMismatchException");
      }
      assert.equal((await set(good)).status, 200);
      assertRefused(await set(good), "ExpiredCodeException");
    });

    it("a refresh token stays good until its successor was used, and ends the session when it comes back after", async () => {
      const who = await makeAccount(server);
      const first = await rotate(who.refreshToken);
      assert.equal(first.status, 200, first.text);
      const { RefreshToken } = first.json.AuthenticationResult;
      await advanceClock(server, 24 * 3600);
      const repeated = await rotate(who.refreshToken);
      assert.equal(
        repeated.json.AuthenticationResult.RefreshToken,
        RefreshToken,
        "the first answer may be lost",
      );

      const second = await rotate(RefreshToken);
      assert.equal(second.status, 200, second.text);
      const latest = second.json.AuthenticationResult;
      assertRefused(await rotate(who.refreshToken), "RefreshTokenReuseException");
      assertRefused(await rotate(latest.RefreshToken), "NotAuthorizedException");
      await assertSessionOver(latest.AccessToken);
      assert.equal((await profile((await signIn(server, who)).token)).status, 200);
    });

    it("tampered refresh tokens are refused and end nothing", async () => {
      const who = await makeAccount(server);
      const flipped =
        who.refreshToken.slice(0, -4) + (who.refreshToken.endsWith("AAAA") ? "BBBB" : "AAAA");
      for (const token of [
        flipped,
        who.refreshToken.slice(1),
        `${who.refreshToken}A`,
        "A".repeat(60),
        who.token,
        "é",
        "=".repeat(50),
      ]) {
        const answer = await rotate(token);
        assertRefused(answer, "NotAuthorizedException");
      }
      assert.equal((await rotate(who.refreshToken)).status, 200);
    });

    it("a session that was revoked is refused within a second, and another one of the same person is not", async () => {
      const who = await makeAccount(server);
      const other = await signIn(server, who);
      assert.equal((await profile(who.token)).status, 200);
      await poolOk(server, "RevokeToken", { ClientId: clientId, Token: who.refreshToken });
      await assertSessionOver(who.token);
      assertRefused(
        await pool(server, "GetUser", { AccessToken: who.token }),
        "NotAuthorizedException",
      );
      assert.equal((await profile(other.token)).status, 200);
    });

    it("an access token ends with its hour", async () => {
      const who = await makeAccount(server);
      await advanceClock(server, 3601);
      const expired = await profile(who.token);
      assertProblem(expired, 401, "token_expired");
      assert.match(
        expired.headers.get("www-authenticate") ?? "",
        /^Bearer .*error="invalid_token"/,
      );
      assertProblem(
        await call(server, "GET", "/api/activities/home", { token: who.token }),
        401,
        "token_expired",
      );
      const fresh = await rotate(who.refreshToken);
      assert.equal((await profile(fresh.json.AuthenticationResult.AccessToken)).status, 200);
    });

    it("accounts, sessions and keys outlive the server", async () => {
      const who = await makeAccount(server);
      const before = (await expect(200, server, "GET", "/local_Cruddur/.well-known/jwks.json"))
        .json;
      await server.stop();
      server = await startServer({ ...storage.settings, CLOCK_MOVABLE: "true" });
      client.destroy();
      client = new sdk.CognitoIdentityProviderClient({
        region: "local",
        endpoint: `${server.url}/cognito-idp/`,
        maxAttempts: 1,
      });
      assert.deepEqual(
        (await expect(200, server, "GET", "/local_Cruddur/.well-known/jwks.json")).json,
        before,
      );
      assert.equal((await pool(server, "InitiateAuth", passwordAuth(who))).status, 200);
    });

    it("no name, password, code or token stands in the database", async () => {
      const who = await makeAccount(server);
      const tables = ["users", "pool_accounts", "pool_codes", "pool_sessions", "pool_keys"];
      const all = tables
        .map((table) => JSON.stringify(storage.rows(`SELECT * FROM ${table}`)))
        .join();
      for (const secret of [
        who.email,
        who.handle,
        who.name,
        who.password,
        who.refreshToken,
        who.token,
        "PRIVATE KEY",
        await mailedCode(server, who.email),
      ]) {
        assert(!all.includes(secret));
      }
      assert(all.includes("signing-key"), "the search finds what is there");
    });
  });
}

function passwordAuth(who: Pick<Account, "email" | "password">) {
  return {
    ClientId: clientId,
    AuthFlow: "USER_PASSWORD_AUTH",
    AuthParameters: { USERNAME: who.email, PASSWORD: who.password },
  };
}
