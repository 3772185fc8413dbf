// What a client may send that no client should.
#include "support/pool_fixture.hpp"
#include "user_pool/attributes.hpp"
#include "user_pool/wire.hpp"

namespace cruddur::testing {
namespace {

using user_pool_input = pool_fixture;

user_pool::wire_answer raw(user_pool::user_pool& pool, std::string target, std::string body) {
  return tests::run_task(pool.answer(std::move(target), std::move(body), "192.0.2.1"));
}

TEST_F(user_pool_input, unknown_operations_are_named_as_such) {
  for (const char* target : {"", "SignUp", "AWSCognitoIdentityProviderService.AdminCreateUser",
                             "AWSCognitoIdentityProviderService."}) {
    const auto answer = raw(*pool, target, "{}");
    EXPECT_EQ(answer.status, 400U);
    EXPECT_NE(answer.body.find("UnknownOperationException"), std::string::npos) << target;
  }
}

TEST_F(user_pool_input, broken_bodies_give_a_serialization_error) {
  const std::string deep = R"({"a":)" + std::string(100, '[') + std::string(100, ']') + "}";
  for (const std::string& body :
       {std::string{}, std::string{"{"}, std::string{"[]"}, std::string{"null"}, deep,
        std::string{"{\"ClientId\":\"\xff\"}"}, std::string(40'000, ' '), std::string{"{} {}"}}) {
    const auto answer = raw(*pool, "AWSCognitoIdentityProviderService.SignUp", body);
    EXPECT_EQ(answer.status, 400U);
    EXPECT_NE(answer.body.find("SerializationException"), std::string::npos) << body;
    ASSERT_EQ(answer.headers.front().first, "x-amzn-errortype");
  }
}

TEST_F(user_pool_input, wrong_types_missing_fields_and_other_clients_are_refused_everywhere) {
  for (const char* operation :
       {"SignUp", "ConfirmSignUp", "ResendConfirmationCode", "InitiateAuth",
        "RespondToAuthChallenge", "GetTokensFromRefreshToken", "RevokeToken", "GlobalSignOut",
        "ForgotPassword", "ConfirmForgotPassword", "ChangePassword", "GetUser",
        "UpdateUserAttributes", "GetUserAttributeVerificationCode", "VerifyUserAttribute",
        "DeleteUser"}) {
    EXPECT_EQ(call(operation, {}).error(), "InvalidParameterException") << operation;
    const json::value wrong = json::array{1, 2};
    const auto typed = call(operation, {{"ClientId", wrong}, {"AccessToken", wrong}});
    EXPECT_EQ(typed.status, 400U);
    EXPECT_EQ(typed.error(), "SerializationException") << operation;
    const auto refused = call(operation, {{"AccessToken", "a.b.c"},
                                          {"AttributeName", "email"},
                                          {"Code", "1"},
                                          {"PreviousPassword", "long-enough"},
                                          {"ProposedPassword", "long-enough"},
                                          {"ClientId", "another"},
                                          {"Username", "ann@example.com"},
                                          {"Password", "long-enough"},
                                          {"ConfirmationCode", "1"},
                                          {"RefreshToken", "x"},
                                          {"Token", "x"},
                                          {"AuthFlow", "USER_SRP_AUTH"},
                                          {"AuthParameters", json::object{}},
                                          {"ChallengeName", "PASSWORD_VERIFIER"},
                                          {"ChallengeResponses", json::object{}}});
    EXPECT_TRUE(refused.error() == "NotAuthorizedException" ||
                refused.error() == "ResourceNotFoundException")
        << operation << " " << refused.error();
  }
}

TEST_F(user_pool_input, a_client_share_of_zero_modulo_the_prime_opens_nothing) {
  make_account();
  BIGNUM* const prime = BN_get_rfc3526_prime_3072(nullptr);
  char* const hex = BN_bn2hex(prime);
  const auto challenge =
      call("InitiateAuth", {{"ClientId", client_id},
                            {"AuthFlow", "USER_SRP_AUTH"},
                            {"AuthParameters", json::object{{"USERNAME", "ann@example.com"},
                                                            {"SRP_A", std::string{hex}}}}});
  OPENSSL_free(hex);
  BN_free(prime);
  const srp_client client{"anything"};
  EXPECT_EQ(call("RespondToAuthChallenge", srp_response(client, challenge, good_password)).error(),
            "NotAuthorizedException");
}

TEST(email, is_plain_ascii_with_a_host_name) {
  using user_pool::parse_email;
  EXPECT_EQ(parse_email("Ann.O'Hara+tag@Mail.Example.com"), "ann.o'hara+tag@mail.example.com");
  for (const std::string& text :
       {std::string{""}, std::string{"ann"}, std::string{"@example.com"}, std::string{"ann@"},
        std::string{"ann@localhost"}, std::string{"a b@example.com"},
        std::string{"a@b@example.com"}, std::string{".a@example.com"},
        std::string{"a..b@example.com"}, std::string{"a@-x.example.com"},
        std::string{"a@example..com"}, std::string{"a\n@example.com"},
        std::string{"a@ex\xc3\xa4mple.com"}, std::string(65, 'a') + "@example.com",
        "a@" + std::string(250, 'b') + ".com", std::string{"\"a\"@example.com"},
        std::string{"a@[127.0.0.1]"}}) {
    EXPECT_FALSE(parse_email(text)) << text;
  }
}

}  // namespace
}  // namespace cruddur::testing
