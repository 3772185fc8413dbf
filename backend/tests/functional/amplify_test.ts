// The web client's own library, aws-amplify, through the whole life of an account.
import assert from "node:assert/strict";
import { createPublicKey, verify } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { Amplify } from "aws-amplify";
import * as auth from "aws-amplify/auth";
import { cognitoUserPoolsTokenProvider } from "aws-amplify/auth/cognito";
import { ConsoleLogger } from "aws-amplify/utils";
import { codeFrom, goodPassword, mailedCode } from "./support/accounts.ts";
import { assertProblem, call, expect, post } from "./support/api.ts";
import { type Server, startServer } from "./support/server.ts";
import { engines, Storage } from "./support/storage.ts";
import { decodeToken } from "./support/tokens.ts";

ConsoleLogger.LOG_LEVEL = "ERROR"; // it would warn that the endpoint is not Amazon's, which is meant to be so

/** One browser: its tokens are kept apart from another's. */
class Browser {
  readonly kept = new Map<string, string>();

  use(): void {
    cognitoUserPoolsTokenProvider.setKeyValueStorage({
      setItem: async (key, value) => void this.kept.set(key, value),
      getItem: async (key) => this.kept.get(key) ?? null,
      removeItem: async (key) => void this.kept.delete(key),
      clear: async () => this.kept.clear(),
    });
  }
}

async function tokens(forceRefresh = false) {
  const session = await auth.fetchAuthSession({ forceRefresh });
  assert(session.tokens?.idToken);
  return { access: session.tokens.accessToken.toString(), id: session.tokens.idToken.toString() };
}

const named = (name: string) => ({ name });

for (const engine of engines) {
  describe(`an account's life with aws-amplify on ${engine}`, () => {
    let storage: Storage;
    let server: Server;
    const laptop = new Browser();
    const phone = new Browser();
    let email = "ada@example.com";
    let password = goodPassword;
    const handle = "ada_lovelace";

    before(async () => {
      storage = new Storage(engine);
      server = await startServer(storage.settings);
      const { identity } = (await expect(200, server, "GET", "/config.json")).json;
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
      laptop.use();
    });
    after(async () => {
      await server.stop();
      storage[Symbol.dispose]();
    });

    const me = async () =>
      call(server, "GET", "/api/profile/me", { token: (await tokens()).access });

    it("signing up mails a code", async () => {
      const attributes = { email, name: "Ada Lovelace", preferred_username: handle };
      const done = await auth.signUp({
        username: email,
        password,
        options: { userAttributes: attributes },
      });
      assert.equal(done.isSignUpComplete, false);
      assert.equal(done.nextStep.signUpStep, "CONFIRM_SIGN_UP");
      assert.match(await mailedCode(server, email), /^\d{10}$/);
    });

    it("signing in before the confirmation says what to do next", async () => {
      const { nextStep } = await auth.signIn({ username: email, password });
      assert.equal(nextStep.signInStep, "CONFIRM_SIGN_UP");
    });

    it("a wrong code is refused, and a code sent again confirms the account", async () => {
      const first = await mailedCode(server, email);
      const wrong = first === "000000" ? "000001" : "000000";
      await assert.rejects(
        auth.confirmSignUp({ username: email, confirmationCode: wrong }),
        named("CodeMismatchException"),
      );
      const second = await codeFrom(server, email, () =>
        auth.resendSignUpCode({ username: email }),
      );
      const done = await auth.confirmSignUp({ username: email, confirmationCode: second });
      assert.equal(done.isSignUpComplete, true);
    });

    it("another account can't have the same email or handle", async () => {
      const userAttributes = { email, name: "Somebody", preferred_username: "somebody" };
      await assert.rejects(
        auth.signUp({ username: email, password, options: { userAttributes } }),
        named("UsernameExistsException"),
      );
      const other = {
        email: "other@example.com",
        name: "Somebody",
        preferred_username: handle.toUpperCase(),
      };
      await assert.rejects(
        auth.signUp({ username: other.email, password, options: { userAttributes: other } }),
        named("AliasExistsException"),
      );
    });

    it("a wrong password and an unknown user get the same refusal", async () => {
      const refusal = {
        name: "NotAuthorizedException",
        message: "Incorrect username or password.",
      };
      await assert.rejects(auth.signIn({ username: email, password: "not the password" }), refusal);
      await assert.rejects(auth.signIn({ username: "nobody@example.com", password }), refusal);
    });

    it("signs in by SRP, and the tokens serve the API", async () => {
      const { isSignedIn } = await auth.signIn({ username: email, password });
      assert.equal(isSignedIn, true);
      const profile = await me();
      assert.equal(profile.status, 200);
      assert.equal(profile.json.handle, handle);
      assert.equal(profile.json.display_name, "Ada Lovelace");
      const attributes = await auth.fetchUserAttributes();
      assert.equal(attributes.email, email);
      assert.equal(attributes.email_verified, "true");
      assert.equal(attributes.preferred_username, handle);
      assert.notEqual(
        attributes.sub,
        profile.json.uuid,
        "one's id in the pool is not the public one",
      );
    });

    it("the published keys verify the tokens, whose claims are what Cognito's are", async () => {
      const { access, id } = await tokens();
      const issuer = decodeToken(access).payload.iss as string;
      assert.equal(issuer, `http://cruddur.test/${new URL(issuer).pathname.slice(1)}`);
      const path = new URL(issuer).pathname;
      const discovery = await expect(
        200,
        server,
        "GET",
        `${path}/.well-known/openid-configuration`,
      );
      assert.equal(discovery.json.issuer, issuer);
      assert.equal(discovery.json.jwks_uri, `${issuer}/.well-known/jwks.json`);
      const { keys } = (await expect(200, server, "GET", `${path}/.well-known/jwks.json`)).json;
      for (const token of [access, id]) {
        const { header } = decodeToken(token);
        const jwk = keys.find((each: { kid: string }) => each.kid === header.kid);
        assert.equal(header.alg, "RS256");
        const [signed, signature] = [
          token.slice(0, token.lastIndexOf(".")),
          token.slice(token.lastIndexOf(".") + 1),
        ];
        const key = createPublicKey({ key: jwk, format: "jwk" });
        assert(verify("sha256", Buffer.from(signed), key, Buffer.from(signature, "base64url")));
        assert.equal(jwk.d, undefined, "a public key only");
      }
      const claims = decodeToken(access).payload;
      assert.equal(claims.token_use, "access");
      assert.equal(claims.client_id, "cruddur-web");
      assert.equal(claims.exp - claims.iat, 3600);
      assert(claims.origin_jti && claims.jti && claims.sub && claims.username && claims.scope);
      const about = decodeToken(id).payload;
      assert.equal(about.token_use, "id");
      assert.equal(about.aud, "cruddur-web");
      assert.equal(about.email, email);
      assert.equal(about.email_verified, true);
      assert.equal(about.preferred_username, handle);
      assert.equal(about["cognito:username"], claims.sub);
    });

    it("a forced refresh gives new tokens and turns the refresh token", async () => {
      const refreshToken = () =>
        [...laptop.kept].find(([key]) => key.endsWith(".refreshToken"))?.[1];
      const old = { access: (await tokens()).access, refresh: refreshToken() };
      const fresh = await tokens(true);
      assert.notEqual(fresh.access, old.access);
      assert(refreshToken());
      assert.notEqual(refreshToken(), old.refresh);
      assert.equal((await me()).status, 200);
      await tokens(true);
      assert.equal((await me()).status, 200);
    });

    it("a changed password is the only one that serves", async () => {
      const next = "another horse, another battery";
      await assert.rejects(
        auth.updatePassword({ oldPassword: "not the password", newPassword: next }),
        named("NotAuthorizedException"),
      );
      await assert.rejects(
        auth.updatePassword({ oldPassword: password, newPassword: "short" }),
        named("InvalidPasswordException"),
      );
      await auth.updatePassword({ oldPassword: password, newPassword: next });
      phone.use();
      await assert.rejects(
        auth.signIn({ username: email, password }),
        named("NotAuthorizedException"),
      );
      assert.equal((await auth.signIn({ username: email, password: next })).isSignedIn, true);
      password = next;
      laptop.use();
      assert.equal((await me()).status, 200, "the session that changed it goes on");
    });

    it("a new email waits for its code, and then signs in", async () => {
      const next = "countess@example.com";
      const updated = await auth.updateUserAttributes({ userAttributes: { email: next } });
      assert.equal(updated.email?.nextStep.updateAttributeStep, "CONFIRM_ATTRIBUTE_WITH_CODE");
      assert.equal((await auth.fetchUserAttributes()).email, email, "the old one stays until then");
      const confirm = (confirmationCode: string) =>
        auth.confirmUserAttribute({ userAttributeKey: "email", confirmationCode });
      const code = await mailedCode(server, next);
      await assert.rejects(
        confirm(code === "000000" ? "000001" : "000000"),
        named("CodeMismatchException"),
      );
      await auth.sendUserAttributeVerificationCode({ userAttributeKey: "email" });
      await confirm(await mailedCode(server, next));
      assert.equal((await auth.fetchUserAttributes()).email, next);
      phone.use();
      await auth.signOut();
      await assert.rejects(
        auth.signIn({ username: email, password }),
        named("NotAuthorizedException"),
      );
      assert.equal((await auth.signIn({ username: next, password })).isSignedIn, true);
      email = next;
      laptop.use();
    });

    it("signing out here revokes this session only", async () => {
      phone.use();
      const { access } = await tokens();
      await auth.signOut();
      assertProblem(
        await call(server, "GET", "/api/profile/me", { token: access }),
        401,
        "token_revoked",
        "token_invalid",
      );
      assert.equal((await auth.fetchAuthSession()).tokens, undefined);
      laptop.use();
      assert.equal((await me()).status, 200);
    });

    it("a forgotten password is set anew by a mailed code, which ends every session", async () => {
      const { access } = await tokens();
      phone.use();
      const code = await codeFrom(server, email, async () => {
        const { nextStep } = await auth.resetPassword({ username: email });
        assert.equal(nextStep.resetPasswordStep, "CONFIRM_RESET_PASSWORD_WITH_CODE");
      });
      const set = (confirmationCode: string, newPassword: string) =>
        auth.confirmResetPassword({ username: email, confirmationCode, newPassword });
      await assert.rejects(
        set(code === "000000" ? "000001" : "000000", "a third horse"),
        named("CodeMismatchException"),
      );
      await assert.rejects(set(code, "password1"), named("InvalidPasswordException"));
      await set(code, "a third horse");
      await assert.rejects(
        set(code, "a fourth horse"),
        named("ExpiredCodeException"),
        "a code serves once",
      );
      password = "a third horse";
      assertProblem(
        await call(server, "GET", "/api/profile/me", { token: access }),
        401,
        "token_revoked",
        "token_invalid",
      );
      laptop.use();
      await assert.rejects(
        tokens(true),
        (error: Error) =>
          error.name === "NotAuthorizedException" || error.name === "AssertionError",
      );
      assert.equal((await auth.signIn({ username: email, password })).isSignedIn, true);
    });

    it("signing out everywhere ends every session", async () => {
      phone.use();
      await auth.signIn({ username: email, password });
      const { access: onPhone } = await tokens();
      laptop.use();
      const { access: onLaptop } = await tokens();
      await auth.signOut({ global: true });
      for (const token of [onPhone, onLaptop]) {
        assertProblem(
          await call(server, "GET", "/api/profile/me", { token }),
          401,
          "token_revoked",
          "token_invalid",
        );
      }
      phone.use();
      await auth.signOut().catch(() => undefined);
      laptop.use();
    });

    it("a deleted account is gone with all it wrote, and its handle rests", async () => {
      await auth.signIn({ username: email, password });
      const { access } = await tokens();
      const { uuid } = await post(server, access, "my last words");
      await auth.deleteUser();
      assertProblem(
        await call(server, "GET", "/api/profile/me", { token: access }),
        401,
        "token_revoked",
        "token_invalid",
      );
      assertProblem(await call(server, "GET", `/api/activities/${uuid}`), 410, "activity_deleted");
      assertProblem(await call(server, "GET", `/api/users/@${handle}`), 404, "user_not_found");
      await assert.rejects(
        auth.signIn({ username: email, password }),
        named("NotAuthorizedException"),
      );
      const signUp = (preferred_username: string) =>
        auth.signUp({
          username: email,
          password,
          options: { userAttributes: { email, name: "New Ada", preferred_username } },
        });
      await assert.rejects(signUp(handle), named("AliasExistsException"));
      const { nextStep } = await signUp(`${handle}_2`);
      assert.equal(nextStep.signUpStep, "CONFIRM_SIGN_UP");
    });
  });
}
