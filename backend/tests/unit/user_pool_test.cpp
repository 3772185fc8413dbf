// Over the Cognito wire: sign-up, sign-in, refresh, sign-out.
#include "base/sealing.hpp"
#include "support/pool_fixture.hpp"
#include "user_pool/srp.hpp"

namespace cruddur::testing {
namespace {

using namespace std::chrono_literals;
using user_pool_wire = pool_fixture;

TEST_F(user_pool_wire, signs_up_confirms_and_signs_in_with_a_password) {
  const auto signed_up = sign_up("Ann@Example.com", "Ann");
  ASSERT_EQ(signed_up.status, 200U) << json::serialize(signed_up.body);
  EXPECT_FALSE(signed_up.body.at("UserConfirmed").as_bool());
  EXPECT_EQ(signed_up.body.at("CodeDeliveryDetails").at("Destination").as_string(), "a***@e***");
  EXPECT_EQ(mail->list().front().mail.recipient, "ann@example.com");
  EXPECT_TRUE(profiles->profiles.empty());

  EXPECT_EQ(confirm("ann@example.com", last_code()).status, 200U);
  const auto in = sign_in();
  ASSERT_EQ(in.status, 200U) << json::serialize(in.body);
  const auto who = verify(in.token("AccessToken"));
  ASSERT_TRUE(who);
  EXPECT_EQ(to_string(who->subject), signed_up.text("UserSub"));
  EXPECT_EQ(profiles->profiles.at(who->subject).handle, "ann");
  EXPECT_NE(profiles->profiles.at(who->subject).id, who->subject);
  EXPECT_EQ(who->expires_at, std::chrono::floor<std::chrono::seconds>(time->now()) + 1h);
}

TEST_F(user_pool_wire, signs_in_by_srp_and_a_challenge_serves_once) {
  make_account();
  const srp_client client{"a secret of the client's"};
  const auto challenge = start_srp(client, "ann@example.com");
  ASSERT_EQ(challenge.text("ChallengeName"), "PASSWORD_VERIFIER");
  const auto response = srp_response(client, challenge, good_password);
  const auto in = call("RespondToAuthChallenge", response);
  ASSERT_EQ(in.status, 200U) << json::serialize(in.body);
  EXPECT_TRUE(verify(in.token("AccessToken")));

  const auto again = call("RespondToAuthChallenge", response);
  EXPECT_EQ(again.error(), "NotAuthorizedException");
  EXPECT_EQ(sessions->sessions.size(), 1U);
}

TEST_F(user_pool_wire, a_sign_in_may_begin_at_one_process_and_end_once_at_another) {
  make_account();
  const srp_client client{"a secret"};
  const auto challenge = start_srp(client, "ann@example.com");
  const auto response = srp_response(client, challenge, good_password);
  const auto first_process = std::move(pool);
  make_pool(options());
  EXPECT_EQ(call("RespondToAuthChallenge", response).status, 200U);
  const auto again = tests::run_task(
      first_process->answer("AWSCognitoIdentityProviderService.RespondToAuthChallenge",
                            json::serialize(response), "192.0.2.1"));
  EXPECT_EQ(again.status, 400U);
}

TEST_F(user_pool_wire, refuses_a_wrong_password_by_srp_and_the_challenge_is_spent) {
  make_account();
  const srp_client client{"a secret"};
  const auto challenge = start_srp(client, "ann@example.com");
  EXPECT_EQ(
      call("RespondToAuthChallenge", srp_response(client, challenge, "wrong-password")).error(),
      "NotAuthorizedException");
  EXPECT_EQ(call("RespondToAuthChallenge", srp_response(client, challenge, good_password)).error(),
            "NotAuthorizedException");
}

// An account of before passwords were normalised.
TEST_F(user_pool_wire, an_account_whose_verifier_is_of_what_was_typed_still_signs_in) {
  make_account();
  const std::string typed = "Pa\u0308sslia\u0308n\u00a0x";
  const std::string spelled = "P\u00e4ssli\u00e4n x";
  auto& kept = accounts->accounts.begin()->second.held;
  const std::string name = to_string(kept.id);
  const user_pool::key_ring keys{options().secret};
  const auto verifier = user_pool::srp::make_verifier("Local0001", name, typed, kept.password.salt);
  kept.password.sealed_verifier = seal(keys.verifiers, name, verifier);

  EXPECT_EQ(sign_in("ann@example.com", typed).status, 200U);
  EXPECT_EQ(sign_in("ann@example.com", spelled).error(), "NotAuthorizedException");
  const auto by_srp = [this](const std::string& password) {
    const srp_client client{"a secret"};
    const auto challenge = start_srp(client, "ann@example.com");
    return call("RespondToAuthChallenge", srp_response(client, challenge, password)).status;
  };
  EXPECT_EQ(by_srp(typed), 200U);
  EXPECT_EQ(by_srp(spelled), 400U);

  // From a new password on it has the one spelling.
  const auto token = sign_in("ann@example.com", typed).token("AccessToken");
  EXPECT_EQ(
      call("ChangePassword",
           {{"AccessToken", token}, {"PreviousPassword", typed}, {"ProposedPassword", typed + "2"}})
          .status,
      200U);
  EXPECT_EQ(sign_in("ann@example.com", spelled + "2").status, 200U);
  EXPECT_EQ(sign_in("ann@example.com", typed + "2").status, 200U);
}

TEST_F(user_pool_wire, refuses_old_challenges_skewed_clocks_and_tampered_blocks) {
  make_account();
  const srp_client client{"a secret"};
  auto challenge = start_srp(client, "ann@example.com");
  for (const char* told : {"Wed Nov 18 11:21:41 UTC 2026", "Wed Nov 18 10:51:39 UTC 2026"}) {
    const auto refused =
        call("RespondToAuthChallenge", srp_response(client, challenge, good_password, told));
    EXPECT_EQ(refused.error(), "NotAuthorizedException") << told;
    EXPECT_EQ(refused.text("message"), "The clock of this device is too far from the server's.");
  }
  auto tampered = srp_response(client, challenge, good_password);
  auto& block = tampered.at("ChallengeResponses").at("PASSWORD_CLAIM_SECRET_BLOCK").as_string();
  block[40] = block[40] == 'A' ? 'B' : 'A';
  EXPECT_EQ(call("RespondToAuthChallenge", tampered).error(), "NotAuthorizedException");
  time->pass(3min);
  EXPECT_EQ(call("RespondToAuthChallenge", srp_response(client, challenge, good_password)).error(),
            "NotAuthorizedException");
}

TEST_F(user_pool_wire, answers_unknown_accounts_like_wrong_passwords) {
  make_account();
  const auto wrong = sign_in("ann@example.com", "wrong-password");
  const auto unknown = sign_in("nobody@example.com", "wrong-password");
  EXPECT_EQ(wrong.body, unknown.body);
  EXPECT_EQ(wrong.error(), "NotAuthorizedException");

  const srp_client client{"a secret"};
  const auto first = start_srp(client, "nobody@example.com");
  const auto second = start_srp(client, "Nobody@Example.com");
  const auto& one = first.body.at("ChallengeParameters").as_object();
  const auto& two = second.body.at("ChallengeParameters").as_object();
  EXPECT_EQ(one.at("SALT"), two.at("SALT"));
  EXPECT_EQ(one.at("USER_ID_FOR_SRP"), two.at("USER_ID_FOR_SRP"));
  EXPECT_NE(one.at("SRP_B"), two.at("SRP_B"));
  EXPECT_EQ(call("RespondToAuthChallenge", srp_response(client, first, "whatever-else")).body,
            wrong.body);
}

TEST_F(user_pool_wire, reset_and_resend_answer_unknown_accounts_alike_and_mail_nobody) {
  make_account();
  const auto letters = mail->list().size();
  const auto ask = [&](const char* operation, const char* email) {
    return call(operation, {{"ClientId", client_id}, {"Username", email}}).body;
  };
  EXPECT_EQ(ask("ForgotPassword", "ann@example.com"), ask("ForgotPassword", "adam@elsewhere.org"));
  EXPECT_EQ(ask("ResendConfirmationCode", "ann@example.com"),
            ask("ResendConfirmationCode", "adam@elsewhere.org"));
  EXPECT_EQ(mail->list().size(), letters + 1);
}

TEST_F(user_pool_wire, tells_an_unconfirmed_account_only_after_the_right_password) {
  ASSERT_EQ(sign_up("ann@example.com", "ann").status, 200U);
  EXPECT_EQ(sign_in("ann@example.com", "wrong-password").error(), "NotAuthorizedException");
  EXPECT_EQ(sign_in().error(), "UserNotConfirmedException");
  const srp_client client{"a secret"};
  const auto challenge = start_srp(client, "ann@example.com");
  EXPECT_EQ(call("RespondToAuthChallenge", srp_response(client, challenge, good_password)).error(),
            "UserNotConfirmedException");
}

TEST_F(user_pool_wire, keeps_emails_and_handles_unique_until_an_unconfirmed_account_expires) {
  make_account("eve@example.com", "eve");
  EXPECT_EQ(sign_up("eve@example.com", "other").error(), "UsernameExistsException");
  ASSERT_EQ(sign_up("ann@example.com", "ann").status, 200U);
  EXPECT_EQ(sign_up("bob@example.com", "ANN").error(), "AliasExistsException");
  time->pass(24h);
  EXPECT_EQ(sign_up("bob@example.com", "ann").status, 200U);
  EXPECT_EQ(confirm("ann@example.com", "000000").error(), "CodeMismatchException");
}

TEST_F(user_pool_wire, a_handle_of_a_profile_without_account_is_taken_too) {
  const uuid id = make_uuid_v4();
  profiles->profiles[id] = {id, "ann", "Ann", "", time->now()};
  EXPECT_EQ(sign_up("ann@example.com", "ann").error(), "AliasExistsException");
}

TEST_F(user_pool_wire, refuses_what_breaks_the_rules_of_sign_up) {
  EXPECT_EQ(sign_up("ann@example.com", "a b").error(), "InvalidParameterException");
  EXPECT_EQ(sign_up("not an email", "ann").error(), "InvalidParameterException");
  EXPECT_EQ(sign_up("ann@example.com\r\nBcc: x@y.z", "ann").error(), "InvalidParameterException");
  EXPECT_EQ(sign_up("ann@example.com", "ann", "short").error(), "InvalidPasswordException");
  EXPECT_EQ(sign_up("ann@example.com", "ann", "Password").error(), "InvalidPasswordException");
  EXPECT_EQ(sign_up("ann@example.com", "ann", std::string(257, 'x')).error(),
            "InvalidPasswordException");
  EXPECT_TRUE(mail->list().empty());
}

TEST_F(user_pool_wire, a_code_serves_once_and_expires_and_wrong_tries_do_not_spoil_it) {
  ASSERT_EQ(sign_up("ann@example.com", "ann").status, 200U);
  const auto code = last_code();
  EXPECT_EQ(code.size(), 10U);
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(confirm("ann@example.com", "x").error(), "CodeMismatchException");
  }
  EXPECT_EQ(confirm("ann@example.com", code.substr(0, 5) + " " + code.substr(5)).status, 200U);
  EXPECT_EQ(confirm("ann@example.com", code).error(), "NotAuthorizedException");
}

TEST_F(user_pool_wire,
       a_refresh_token_is_good_until_its_successor_was_used_and_then_ends_the_session) {
  make_account();
  const auto in = sign_in();
  const auto first = in.token("RefreshToken");
  const auto refresh = [&](const std::string& token) {
    return call("GetTokensFromRefreshToken", {{"ClientId", client_id}, {"RefreshToken", token}});
  };
  const auto once = refresh(first);
  ASSERT_EQ(once.status, 200U) << json::serialize(once.body);
  const auto second = once.token("RefreshToken");
  EXPECT_NE(second, first);
  EXPECT_TRUE(verify(once.token("AccessToken")));

  time->pass(48h);  // the answer was lost, and the client comes back much later
  EXPECT_EQ(refresh(first).token("RefreshToken"), second);
  const auto last = refresh(second);
  EXPECT_TRUE(verify(last.token("AccessToken")));
  EXPECT_EQ(refresh(first).error(), "RefreshTokenReuseException");
  EXPECT_EQ(refresh(last.token("RefreshToken")).error(), "NotAuthorizedException");
  EXPECT_EQ(verify(last.token("AccessToken")).error().codes.front(), "token_revoked");
}

TEST_F(user_pool_wire, older_clients_refresh_without_a_new_token) {
  make_account();
  const auto token = sign_in().token("RefreshToken");
  for (const char* flow : {"REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"}) {
    const auto again =
        call("InitiateAuth", {{"ClientId", client_id},
                              {"AuthFlow", flow},
                              {"AuthParameters", json::object{{"REFRESH_TOKEN", token}}}});
    EXPECT_TRUE(verify(again.token("AccessToken")));
    EXPECT_EQ(again.token("RefreshToken"), "");
  }
}

TEST_F(user_pool_wire, a_successor_that_an_older_client_uses_ends_the_token_before_it) {
  make_account();
  const auto first = sign_in().token("RefreshToken");
  const auto refresh = [&](const std::string& token) {
    return call("GetTokensFromRefreshToken", {{"ClientId", client_id}, {"RefreshToken", token}});
  };
  const auto second = refresh(first).token("RefreshToken");
  EXPECT_EQ(refresh(first).token("RefreshToken"), second);
  EXPECT_EQ(call("InitiateAuth", {{"ClientId", client_id},
                                  {"AuthFlow", "REFRESH_TOKEN_AUTH"},
                                  {"AuthParameters", json::object{{"REFRESH_TOKEN", second}}}})
                .status,
            200U);
  EXPECT_EQ(refresh(first).error(), "RefreshTokenReuseException");
}

TEST_F(user_pool_wire, made_up_and_overdue_refresh_tokens_are_refused) {
  make_account();
  const auto token = sign_in().token("RefreshToken");
  auto tampered = token;
  tampered[30] = tampered[30] == 'A' ? 'B' : 'A';
  const auto refresh = [&](const std::string& text) {
    return call("GetTokensFromRefreshToken", {{"ClientId", client_id}, {"RefreshToken", text}});
  };
  EXPECT_EQ(refresh(tampered).error(), "NotAuthorizedException");
  EXPECT_EQ(refresh("x").error(), "NotAuthorizedException");
  EXPECT_EQ(refresh(token).status, 200U);
  time->pass(24h * 30);
  EXPECT_EQ(refresh(token).error(), "NotAuthorizedException");
}

TEST_F(user_pool_wire, sign_out_ends_one_session_and_global_sign_out_all) {
  make_account();
  const auto one = sign_in();
  const auto two = sign_in();
  EXPECT_TRUE(verify(one.token("AccessToken")));
  EXPECT_EQ(
      call("RevokeToken", {{"ClientId", client_id}, {"Token", one.token("RefreshToken")}}).body,
      json::object{});
  EXPECT_FALSE(verify(one.token("AccessToken")));
  EXPECT_TRUE(verify(two.token("AccessToken")));
  EXPECT_EQ(call("GlobalSignOut", {{"AccessToken", two.token("AccessToken")}}).status, 200U);
  EXPECT_FALSE(verify(two.token("AccessToken")));
  EXPECT_EQ(call("GetUser", {{"AccessToken", two.token("AccessToken")}}).error(),
            "NotAuthorizedException");
}

}  // namespace
}  // namespace cruddur::testing
