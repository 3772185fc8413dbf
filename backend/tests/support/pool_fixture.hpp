// A whole user pool in memory with a clock that tests move, and the calls of a client.
#pragma once

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include "adapters/outbox/outbox_mailer.hpp"
#include "adapters/tokens/token_verifier.hpp"
#include "support/memory_pool_stores.hpp"
#include "support/srp_client.hpp"
#include "unit/run_task.hpp"
#include "user_pool/user_pool.hpp"

namespace cruddur::testing {

namespace json = boost::json;

inline constexpr const char* pool_id = "local_Local0001";
inline constexpr const char* client_id = "client";
inline constexpr const char* issuer = "http://localhost:4567/local_Local0001";
inline constexpr const char* good_password = "Sup3r-secret!";

struct test_clock : clock {
  time_point at = from_unix_ms(1'795'000'000'000);
  time_point now() const override { return at; }
  void pass(std::chrono::milliseconds time) { at += time; }
};

// Made once: 2048-bit keys take their time.
inline std::shared_ptr<const user_pool::signing_key> shared_key() {
  static const auto key = user_pool::signing_key::generate();
  return key;
}

struct reply {
  unsigned status;
  json::object body;

  std::string text(std::string_view name) const {
    const auto* value = body.if_contains(name);
    return value != nullptr && value->is_string() ? std::string{value->get_string()} : "";
  }
  std::string error() const { return text("__type"); }
  std::string token(std::string_view name) const {
    const auto* result = body.if_contains("AuthenticationResult");
    const auto* value = result == nullptr ? nullptr : result->as_object().if_contains(name);
    return value == nullptr ? "" : std::string{value->as_string()};
  }
};

class pool_fixture : public ::testing::Test {
 protected:
  std::shared_ptr<test_clock> time = std::make_shared<test_clock>();
  std::shared_ptr<memory_sessions> sessions = std::make_shared<memory_sessions>();
  std::shared_ptr<memory_accounts> accounts = std::make_shared<memory_accounts>();
  std::shared_ptr<memory_tries> tries = std::make_shared<memory_tries>();
  std::shared_ptr<memory_profiles> profiles = std::make_shared<memory_profiles>();
  std::shared_ptr<outbox::outbox_mailer> mail = std::make_shared<outbox::outbox_mailer>(time);
  std::shared_ptr<user_pool::session_monitor> monitor =
      std::make_shared<user_pool::session_monitor>(sessions, time,
                                                   user_pool::session_monitor::options{});
  std::shared_ptr<token_verifier> verifier = tokens::create_token_verifier(
      {issuer, client_id}, tokens::given_keys(tokens::parse_key_set(shared_key()->jwks()).value()),
      monitor);
  std::shared_ptr<runtime::blocking_pool> workers = std::make_shared<runtime::blocking_pool>(1, 64);
  std::unique_ptr<user_pool::user_pool> pool;
  std::vector<std::string> logged;
  std::vector<uuid> deleted;

  pool_fixture() {
    accounts->sessions = sessions.get();
    make_pool(options());
  }

  user_pool::options options() {
    user_pool::options out;
    out.pool_id = pool_id;
    out.client_id = client_id;
    out.issuer = issuer;
    out.secret = std::string(32, 's');
    out.on_error = [this](std::string_view what) { logged.emplace_back(what); };
    out.on_delete = [this](uuid id, const std::string&) -> task<result<>> {
      deleted.push_back(id);
      profiles->profiles.erase(id);
      co_return result<>{};
    };
    return out;
  }

  void make_pool(user_pool::options settings) {
    pool = std::make_unique<user_pool::user_pool>(
        std::move(settings), user_pool::parts{accounts, sessions, profiles, mail, verifier, monitor,
                                              shared_key(), *workers, time, tries});
  }

  reply call(std::string operation, const json::object& body, std::string address = "192.0.2.1") {
    auto answer = tests::run_task(pool->answer("AWSCognitoIdentityProviderService." + operation,
                                               json::serialize(body), std::move(address)));
    return {answer.status, json::parse(answer.body).as_object()};
  }

  reply sign_up(const std::string& email, const std::string& handle,
                const std::string& password = good_password) {
    return call("SignUp",
                {{"ClientId", client_id},
                 {"Username", email},
                 {"Password", password},
                 {"UserAttributes",
                  json::array{json::object{{"Name", "email"}, {"Value", email}},
                              json::object{{"Name", "name"}, {"Value", "Some Body"}},
                              json::object{{"Name", "preferred_username"}, {"Value", handle}}}}});
  }

  reply confirm(const std::string& email, const std::string& code) {
    return call("ConfirmSignUp",
                {{"ClientId", client_id}, {"Username", email}, {"ConfirmationCode", code}});
  }

  std::string last_code() const {
    const auto letters = mail->list();
    return letters.empty() ? "" : letters.front().mail.code;
  }

  void make_account(const std::string& email = "ann@example.com",
                    const std::string& handle = "ann") {
    ASSERT_EQ(sign_up(email, handle).status, 200U);
    ASSERT_EQ(confirm(email, last_code()).status, 200U);
  }

  reply sign_in(const std::string& email = "ann@example.com",
                const std::string& password = good_password,
                const std::string& address = "192.0.2.1") {
    return call("InitiateAuth",
                {{"ClientId", client_id},
                 {"AuthFlow", "USER_PASSWORD_AUTH"},
                 {"AuthParameters", json::object{{"USERNAME", email}, {"PASSWORD", password}}}},
                address);
  }

  reply start_srp(const srp_client& client, const std::string& email) {
    return call(
        "InitiateAuth",
        {{"ClientId", client_id},
         {"AuthFlow", "USER_SRP_AUTH"},
         {"AuthParameters", json::object{{"USERNAME", email}, {"SRP_A", client.share_hex()}}}});
  }

  json::object srp_response(const srp_client& client, const reply& challenge,
                            const std::string& password,
                            const std::string& timestamp = "Wed Nov 18 11:06:40 UTC 2026") {
    const auto& from = challenge.body.at("ChallengeParameters").as_object();
    const auto get = [&](const char* name) { return std::string{from.at(name).as_string()}; };
    const std::string user = get("USER_ID_FOR_SRP");
    const auto key = client.key("Local0001", user, password, get("SALT"), get("SRP_B"));
    const auto block = from_base64(get("SECRET_BLOCK")).value();
    return {{"ClientId", client_id},
            {"ChallengeName", "PASSWORD_VERIFIER"},
            {"ChallengeResponses",
             json::object{{"USERNAME", user},
                          {"PASSWORD_CLAIM_SECRET_BLOCK", get("SECRET_BLOCK")},
                          {"TIMESTAMP", timestamp},
                          {"PASSWORD_CLAIM_SIGNATURE",
                           srp_client::claim(key, "Local0001", user, block, timestamp)}}}};
  }

  result<verified_token> verify(const std::string& token) {
    return tests::run_task(verifier->verify(token, time->now()));
  }
};

}  // namespace cruddur::testing
