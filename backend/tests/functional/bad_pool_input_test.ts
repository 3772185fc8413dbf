import { after, before, describe, it } from "node:test";
import { pool } from "./support/accounts.ts";
import { operationNamed } from "./support/contract.ts";
import { assertHarmless } from "./support/harmless.ts";
import { Probe, wrongValues } from "./support/probe.ts";
import { engines } from "./support/storage.ts";

for (const engine of engines) {
  describe(`bad input for the user pool on ${engine}`, () => {
    let probe: Probe;

    before(async () => {
      probe = await Probe.start(engine);
    });
    after(() => probe.end());

    it("every operation of the user pool refuses members of the wrong type", async () => {
      const { server } = probe;
      const calls: Record<string, object> = {
        SignUp: {
          ClientId: "cruddur-web",
          Username: "x@example.com",
          Password: "long enough",
          UserAttributes: [{ Name: "name", Value: "x" }],
        },
        ConfirmSignUp: {
          ClientId: "cruddur-web",
          Username: "x@example.com",
          ConfirmationCode: "123456",
        },
        ResendConfirmationCode: { ClientId: "cruddur-web", Username: "x@example.com" },
        InitiateAuth: {
          ClientId: "cruddur-web",
          AuthFlow: "USER_PASSWORD_AUTH",
          AuthParameters: { USERNAME: "x@example.com", PASSWORD: "x" },
        },
        RespondToAuthChallenge: {
          ClientId: "cruddur-web",
          ChallengeName: "PASSWORD_VERIFIER",
          ChallengeResponses: {
            USERNAME: "x",
            PASSWORD_CLAIM_SECRET_BLOCK: "eA==",
            TIMESTAMP: "Sat Sep 5 07:08:09 UTC 2026",
            PASSWORD_CLAIM_SIGNATURE: "eA==",
          },
        },
        GetTokensFromRefreshToken: { ClientId: "cruddur-web", RefreshToken: "x" },
        RevokeToken: { ClientId: "cruddur-web", Token: "a.b.c" },
        GlobalSignOut: { AccessToken: "x" },
        ForgotPassword: { ClientId: "cruddur-web", Username: "x@example.com" },
        ConfirmForgotPassword: {
          ClientId: "cruddur-web",
          Username: "x@example.com",
          ConfirmationCode: "1",
          Password: "long enough",
        },
        ChangePassword: {
          AccessToken: "x",
          PreviousPassword: "x",
          ProposedPassword: "long enough",
        },
        GetUser: { AccessToken: "x" },
        UpdateUserAttributes: {
          AccessToken: "x",
          UserAttributes: [{ Name: "email", Value: "y@example.com" }],
        },
        GetUserAttributeVerificationCode: { AccessToken: "x", AttributeName: "email" },
        VerifyUserAttribute: { AccessToken: "x", AttributeName: "email", Code: "123456" },
        DeleteUser: { AccessToken: "x" },
      };
      for (const [operation, good] of Object.entries(calls)) {
        for (const name of Object.keys(good)) {
          for (const value of [
            ...wrongValues,
            "x".repeat(50_000),
            [[[]]],
            [{ Name: 1, Value: [] }],
            { SRP_A: {} },
          ]) {
            if (
              name === "UserAttributes" &&
              (value === null || (Array.isArray(value) && value.length === 0))
            )
              continue;
            const answer = await pool(server, operation, { ...good, [name]: value });
            // A name or token that nobody has is no mistake to be told of, for these.
            const tellsNothing = [
              "ResendConfirmationCode",
              "ForgotPassword",
              "RevokeToken",
            ].includes(operation);
            if (tellsNothing && typeof value === "string" && answer.status === 200) continue;
            assertHarmless(
              `${operation} with ${name} ${JSON.stringify(value).slice(0, 40)}`,
              answer,
            );
          }
        }
      }
      for (const share of ["", "0", "00", "zz", "-1", "f".repeat(769), "0".repeat(768)]) {
        const body = {
          ClientId: "cruddur-web",
          AuthFlow: "USER_SRP_AUTH",
          AuthParameters: { USERNAME: "x@example.com", SRP_A: share },
        };
        assertHarmless(`SRP_A ${share.slice(0, 10)}`, await pool(server, "InitiateAuth", body));
      }
      for (const target of [
        "",
        "SignUp",
        "AWSCognitoIdentityProviderService.",
        "AWSCognitoIdentityProviderService.signup",
        "x".repeat(5_000),
      ]) {
        const answer = await probe.send(operationNamed("POST /cognito-idp/"), {
          body: "{}",
          headers: { "x-amz-target": target },
        });
        assertHarmless(`target ${target.slice(0, 50)}`, answer);
      }
    });
  });
}
