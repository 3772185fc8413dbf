// What must not tell whether an account exists costs the same whether or not it does: as many reads
// and writes, rows, commits and password hashes, counted by the drivers and the pool.
#include <functional>
#include <map>

#include "adapters/sql/account_store.hpp"
#include "adapters/sql/profile_store.hpp"
#include "adapters/sql/session_store.hpp"
#include "adapters/sql/sign_in_tries.hpp"
#include "support/pool_fixture.hpp"
#include "support/sql_literal.hpp"
#include "support/test_database.hpp"

namespace cruddur::testing {
namespace {

struct work {
  std::uint64_t reads;
  std::uint64_t writes;
  std::uint64_t statements;
  std::uint64_t rows;
  std::uint64_t commits;
  std::uint64_t hashes;

  bool operator==(const work&) const = default;
};

void PrintTo(const work& of, std::ostream* out) {
  *out << of.reads << " reads, " << of.writes << " writes of " << of.statements
       << " statements and " << of.rows << " rows in " << of.commits << " commits, " << of.hashes
       << " hashes";
}

class equal_work : public test::database_test {
 protected:
  std::shared_ptr<test_clock> time = std::make_shared<test_clock>();
  std::shared_ptr<session_store> sessions = sql::create_session_store(db());
  std::shared_ptr<outbox::outbox_mailer> mail = std::make_shared<outbox::outbox_mailer>(time);
  std::shared_ptr<user_pool::session_monitor> monitor =
      std::make_shared<user_pool::session_monitor>(sessions, time,
                                                   user_pool::session_monitor::options{});
  runtime::blocking_pool workers{1, 64};
  user_pool::user_pool pool{
      settings(),
      {.accounts = sql::create_account_store(db(), vault(), index()),
       .sessions = sessions,
       .profiles = sql::create_profile_store(db(), vault(), index()),
       .mail = mail,
       .verifier = tokens::create_token_verifier(
           {issuer, client_id},
           tokens::given_keys(tokens::parse_key_set(shared_key()->jwks()).value()), monitor),
       .monitor = monitor,
       .signer = shared_key(),
       .heavy_work = workers,
       .time = time,
       .tries = sql::create_sign_in_tries(db())}};

  static user_pool::options settings() {
    user_pool::options out;
    out.pool_id = pool_id;
    out.client_id = client_id;
    out.issuer = issuer;
    out.secret = std::string(32, 's');
    out.client_clock_skew = std::chrono::hours{24};
    return out;
  }

  // Each call is from another address, so that no limit steps in.
  reply call(const std::string& operation, json::object body) {
    body["ClientId"] = client_id;
    const std::string address =
        "10.0." + std::to_string(calls_ / 200) + "." + std::to_string(calls_ % 200);
    ++calls_;
    const auto answer = run(pool.answer("AWSCognitoIdentityProviderService." + operation,
                                        json::serialize(body), address));
    return {answer.status, json::parse(answer.body).as_object()};
  }

  work done_so_far() {
    const auto of = db().counts();
    return {of.reads, of.writes, of.statements, of.rows, of.commits, pool.hashes()};
  }

  // What a call costs, and the kind of answer that it got.
  std::pair<work, std::string> cost(const std::function<reply()>& of) {
    const work before = done_so_far();
    const reply answer = of();
    const work after = done_so_far();
    return {{after.reads - before.reads, after.writes - before.writes,
             after.statements - before.statements, after.rows - before.rows,
             after.commits - before.commits, after.hashes - before.hashes},
            std::to_string(answer.status) + " " + answer.error()};
  }

  void sign_up(const std::string& name) {
    const std::string email = name + "@example.com";
    json::array attributes;
    for (const auto& [key, value] : std::map<std::string, std::string>{
             {"email", email}, {"name", name}, {"preferred_username", name}}) {
      attributes.push_back(json::object{{"Name", key}, {"Value", value}});
    }
    const auto made = call("SignUp", {{"Username", email},
                                      {"Password", good_password},
                                      {"UserAttributes", std::move(attributes)}});
    ASSERT_EQ(made.status, 200U) << json::serialize(made.body);
  }

  void confirm(const std::string& name) {
    const auto code = mail->list().front().mail.code;
    ASSERT_EQ(
        call("ConfirmSignUp", {{"Username", name + "@example.com"}, {"ConfirmationCode", code}})
            .status,
        200U);
  }

  reply sign_in(const std::string& email, const std::string& password) {
    return call("InitiateAuth",
                {{"AuthFlow", "USER_PASSWORD_AUTH"},
                 {"AuthParameters", json::object{{"USERNAME", email}, {"PASSWORD", password}}}});
  }

  reply challenge(const std::string& email) {
    const srp_client client{"a secret"};
    return call(
        "InitiateAuth",
        {{"AuthFlow", "USER_SRP_AUTH"},
         {"AuthParameters", json::object{{"USERNAME", email}, {"SRP_A", client.share_hex()}}}});
  }

  // A wrong one.
  reply claim(const reply& challenged) {
    const auto& given = challenged.body.at("ChallengeParameters").as_object();
    return call("RespondToAuthChallenge",
                {{"ChallengeName", "PASSWORD_VERIFIER"},
                 {"ChallengeResponses",
                  json::object{{"USERNAME", given.at("USERNAME")},
                               {"PASSWORD_CLAIM_SECRET_BLOCK", given.at("SECRET_BLOCK")},
                               {"TIMESTAMP", "Wed Nov 18 11:06:40 UTC 2026"},
                               {"PASSWORD_CLAIM_SIGNATURE", to_base64(std::string(32, 'x'))}}}});
  }

  reply ask(const std::string& operation, const std::string& email) {
    return call(operation, {{"Username", email}});
  }

  reply guess(const std::string& operation, const std::string& email) {
    return call(
        operation,
        {{"Username", email}, {"ConfirmationCode", "0000000000"}, {"Password", "Another-secret"}});
  }

  // All that a stranger may ask of a name, three times: what was there before may matter, and in
  // the end no mail is left for the address.
  std::vector<std::pair<work, std::string>> visit(const std::string& email) {
    std::vector<std::pair<work, std::string>> costs;
    for (int turn = 0; turn < 3; ++turn) {
      costs.push_back(cost([&] { return sign_in(email, "wrong-password"); }));
      costs.push_back(cost([&] { return sign_in(email, "wro\u0308ng-password"); }));
      reply challenged;
      costs.push_back(cost([&] { return challenged = challenge(email); }));
      costs.push_back(cost([&] { return claim(challenged); }));
      costs.push_back(cost([&] { return guess("ConfirmSignUp", email); }));
      costs.push_back(cost([&] { return guess("ConfirmForgotPassword", email); }));
      costs.push_back(cost([&] { return ask("ForgotPassword", email); }));
      costs.push_back(cost([&] { return guess("ConfirmForgotPassword", email); }));
      costs.push_back(cost([&] { return ask("ResendConfirmationCode", email); }));
      costs.push_back(cost([&] { return guess("ConfirmSignUp", email); }));
    }
    return costs;
  }

 private:
  int calls_ = 0;
};

INSTANTIATE_TEST_SUITE_P(on, equal_work, test::engines(), test::engine_name);

TEST_P(equal_work, goes_into_an_unknown_name_and_into_an_account) {
  sign_up("known");
  confirm("known");
  sign_up("later");                   // and never confirmed
  time->pass(std::chrono::hours{2});  // as many mails are left as for somebody who never had one

  const auto nobody = visit("nobody@example.com");
  EXPECT_EQ(visit("known@example.com"), nobody);
  EXPECT_EQ(visit("later@example.com"), nobody);

  work all{};
  for (const auto& [each, answered] : nobody) {
    all.commits += each.commits;
    all.hashes += each.hashes;
  }
  EXPECT_EQ(all.commits, 30U);
  EXPECT_EQ(all.hashes, 21U);
}

TEST_P(equal_work, goes_into_asking_for_a_code_that_waits_or_does_not_when_no_mail_is_left) {
  sign_up("known");
  confirm("known");
  sign_up("later");
  ASSERT_EQ(ask("ForgotPassword", "known@example.com").status, 200U);
  time->pass(std::chrono::hours{2});
  const auto exhausted = [this](const std::string& email, const char* by, const char* operation) {
    for (int i = 0; i < 4; ++i) EXPECT_EQ(ask(by, email).status, 200U);
    return cost([&] { return ask(operation, email); });
  };
  const auto expected = exhausted("nobody@example.com", "ForgotPassword", "ResendConfirmationCode");
  EXPECT_EQ(expected.first.commits, 1U);
  EXPECT_EQ(exhausted("later@example.com", "ForgotPassword", "ResendConfirmationCode"), expected);
  EXPECT_EQ(exhausted("nobody2@example.com", "ResendConfirmationCode", "ForgotPassword"), expected);
  EXPECT_EQ(exhausted("known@example.com", "ResendConfirmationCode", "ForgotPassword"), expected);
}

TEST_P(equal_work, is_seen_by_the_counts_of_the_driver) {
  const auto counted = [this](const sql::statement& text) {
    const auto before = db().counts();
    EXPECT_TRUE(run(db().write_one(text, {})));
    const auto after = db().counts();
    return std::pair{after.rows - before.rows, after.commits - before.commits};
  };
  const std::uint64_t always = GetParam() == sql::engine::postgres ? 1 : 0;
  EXPECT_EQ(counted("UPDATE pool_code_tries SET tries = tries + 1"_sql),
            (std::pair<std::uint64_t, std::uint64_t>{1, 1}));
  EXPECT_EQ(counted("UPDATE pool_code_tries SET tries = 7 WHERE id = 2"_sql),
            (std::pair<std::uint64_t, std::uint64_t>{0, always}));
}

}  // namespace
}  // namespace cruddur::testing
