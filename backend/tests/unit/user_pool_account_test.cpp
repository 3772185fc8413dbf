// An account over the Cognito wire once it is there: reset, change, delete.
#include "support/pool_fixture.hpp"
#include "user_pool/srp.hpp"

namespace cruddur::testing {
namespace {

using namespace std::chrono_literals;
using user_pool_account = pool_fixture;

TEST_F(user_pool_account, a_reset_sets_the_password_and_ends_all_sessions) {
  make_account();
  const auto before = sign_in();
  call("ForgotPassword", {{"ClientId", client_id}, {"Username", "ann@example.com"}});
  const auto reset = [&](const std::string& code) {
    return call("ConfirmForgotPassword", {{"ClientId", client_id},
                                          {"Username", "ann@example.com"},
                                          {"ConfirmationCode", code},
                                          {"Password", "Another-secret"}});
  };
  const auto code = last_code();
  EXPECT_EQ(reset(code == "111111" ? "222222" : "111111").error(), "CodeMismatchException");
  EXPECT_EQ(reset(code).status, 200U);
  EXPECT_EQ(reset(code).error(), "ExpiredCodeException");
  EXPECT_FALSE(verify(before.token("AccessToken")));
  EXPECT_EQ(sign_in().error(), "NotAuthorizedException");
  EXPECT_EQ(sign_in("ann@example.com", "Another-secret").status, 200U);
}

TEST_F(user_pool_account, a_reset_confirms_an_account_whose_email_it_proves) {
  ASSERT_EQ(sign_up("ann@example.com", "ann", "The-squatters-1").status, 200U);
  call("ForgotPassword", {{"ClientId", client_id}, {"Username", "ann@example.com"}});
  EXPECT_EQ(call("ConfirmForgotPassword", {{"ClientId", client_id},
                                           {"Username", "ann@example.com"},
                                           {"ConfirmationCode", last_code()},
                                           {"Password", good_password}})
                .status,
            200U);
  EXPECT_EQ(sign_in().status, 200U);
  EXPECT_EQ(sign_in("ann@example.com", "The-squatters-1").error(), "NotAuthorizedException");
}

TEST_F(user_pool_account, changing_the_password_keeps_this_session_and_ends_the_others) {
  make_account();
  const auto here = sign_in();
  const auto elsewhere = sign_in();
  const auto change = [&](const char* previous) {
    return call("ChangePassword", {{"AccessToken", here.token("AccessToken")},
                                   {"PreviousPassword", previous},
                                   {"ProposedPassword", "Another-secret"}});
  };
  EXPECT_EQ(change("wrong-password").error(), "NotAuthorizedException");
  EXPECT_EQ(change(good_password).status, 200U);
  EXPECT_TRUE(verify(here.token("AccessToken")));
  EXPECT_FALSE(verify(elsewhere.token("AccessToken")));
  EXPECT_EQ(sign_in("ann@example.com", "Another-secret").status, 200U);
}

TEST_F(user_pool_account, a_new_email_counts_after_its_code_and_the_old_address_hears_of_it) {
  make_account();
  make_account("bob@example.com", "bob");
  const auto token = sign_in().token("AccessToken");
  const auto change = [&](const char* email) {
    return call(
        "UpdateUserAttributes",
        {{"AccessToken", token},
         {"UserAttributes", json::array{json::object{{"Name", "email"}, {"Value", email}}}}});
  };
  EXPECT_EQ(change("bob@example.com").error(), "AliasExistsException");
  const auto asked = change("ann@new.example");
  ASSERT_EQ(asked.status, 200U) << json::serialize(asked.body);
  EXPECT_EQ(mail->list().front().mail.recipient, "ann@new.example");
  EXPECT_EQ(sign_in().status, 200U);

  EXPECT_EQ(call("VerifyUserAttribute",
                 {{"AccessToken", token}, {"AttributeName", "email"}, {"Code", last_code()}})
                .status,
            200U);
  EXPECT_EQ(mail->list().front().mail.recipient, "ann@example.com");
  EXPECT_EQ(sign_in().error(), "NotAuthorizedException");
  EXPECT_EQ(sign_in("ann@new.example").status, 200U);
}

TEST_F(user_pool_account, tells_the_attributes_and_refuses_to_write_others) {
  make_account();
  const auto token = sign_in().token("AccessToken");
  const auto user = call("GetUser", {{"AccessToken", token}});
  std::map<std::string, std::string> got;
  for (const auto& each : user.body.at("UserAttributes").as_array()) {
    got[std::string{each.at("Name").as_string()}] = each.at("Value").as_string();
  }
  EXPECT_EQ(got["email"], "ann@example.com");
  EXPECT_EQ(got["email_verified"], "true");
  EXPECT_EQ(got["preferred_username"], "ann");
  EXPECT_EQ(got["name"], "Some Body");
  EXPECT_EQ(got["sub"], user.text("Username"));
  for (const char* name : {"sub", "email_verified", "custom:role", "preferred_username", "name"}) {
    const auto refused =
        call("UpdateUserAttributes",
             {{"AccessToken", token},
              {"UserAttributes", json::array{json::object{{"Name", name}, {"Value", "other"}}}}});
    EXPECT_EQ(refused.error(), "NotAuthorizedException") << name;
  }
}

TEST_F(user_pool_account, an_email_beside_a_new_handle_is_refused_before_any_mail) {
  make_account();
  const auto token = sign_in().token("AccessToken");
  const auto mails = mail->list().size();
  const auto change = [&](const char* handle) {
    return call("UpdateUserAttributes",
                {{"AccessToken", token},
                 {"UserAttributes",
                  json::array{json::object{{"Name", "email"}, {"Value", "ann@new.example"}},
                              json::object{{"Name", "preferred_username"}, {"Value", handle}}}}});
  };
  EXPECT_EQ(change("other").error(), "NotAuthorizedException");
  EXPECT_EQ(mail->list().size(), mails);
  EXPECT_EQ(change("ann").status, 200U);
  EXPECT_EQ(mail->list().size(), mails + 1);
}

TEST_F(user_pool_account, deleting_the_account_leaves_nothing) {
  make_account();
  const auto in = sign_in();
  const auto id = verify(in.token("AccessToken"))->subject;
  EXPECT_EQ(call("DeleteUser", {{"AccessToken", in.token("AccessToken")}}).status, 200U);
  EXPECT_EQ(deleted, std::vector<uuid>{id});
  EXPECT_TRUE(accounts->accounts.empty());
  EXPECT_TRUE(sessions->sessions.empty());
  EXPECT_FALSE(verify(in.token("AccessToken")));
  EXPECT_EQ(sign_up("ann@example.com", "ann_again").status, 200U);
}

TEST_F(user_pool_account, takes_no_id_for_a_user_name_and_answers_it_like_any_unknown_name) {
  make_account();
  const auto& [identity, person] = *profiles->profiles.begin();
  const auto mails = mail->list().size();
  for (const std::string& name :
       {to_string(identity), to_string(person.id), to_string(make_uuid_v4())}) {
    const auto forgot = call("ForgotPassword", {{"ClientId", client_id}, {"Username", name}});
    EXPECT_EQ(forgot.body.at("CodeDeliveryDetails").at("Destination").as_string(), "***");
    EXPECT_EQ(sign_in(name).error(), "NotAuthorizedException");
    const auto challenge = start_srp(srp_client{"a client"}, name);
    const auto& given = challenge.body.at("ChallengeParameters").as_object();
    EXPECT_NE(given.at("USER_ID_FOR_SRP").as_string(), name);
    EXPECT_NE(given.at("USER_ID_FOR_SRP").as_string(), to_string(identity));
  }
  EXPECT_EQ(mail->list().size(), mails);
  EXPECT_EQ(sign_in().status, 200U);
}

TEST_F(user_pool_account, signing_in_makes_a_profile_that_is_missing) {
  make_account();
  profiles->profiles.clear();
  EXPECT_EQ(sign_in().status, 200U);
  EXPECT_EQ(profiles->profiles.size(), 1U);
}

TEST_F(user_pool_account, adds_accounts_without_mail_for_seeds) {
  const auto id =
      tests::run_task(pool->add_account("demo@cruddur.example", "demo", "Demo", good_password));
  ASSERT_TRUE(id);
  EXPECT_EQ(sign_in("demo@cruddur.example").status, 200U);
  EXPECT_EQ(tests::run_task(profiles->find(*id)).value()->display_name, "Demo");
  EXPECT_TRUE(mail->list().empty());
}

}  // namespace
}  // namespace cruddur::testing
