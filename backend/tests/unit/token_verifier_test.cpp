// RFC 8725 as a list of tokens that must not pass, the token cache, and keys that are fetched.
#include "adapters/tokens/token_verifier.hpp"

#include <functional>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include "adapters/tokens/jwt.hpp"
#include "adapters/tokens/token_cache.hpp"
#include "base/encoding.hpp"
#include "unit/run_task.hpp"
#include "user_pool/signing_key.hpp"

namespace cruddur {
namespace {

using namespace std::chrono_literals;
using tests::run_task;
using tokens::create_token_verifier;

const std::string issuer = "https://issuer.example/pool_Name";
const time_point now = from_unix_ms(1'795'000'000'000);
const std::string subject = "11111111-2222-4333-8444-555555555555";
const std::string session_id = "01900000-0000-7000-8000-000000000001";

std::shared_ptr<const user_pool::signing_key> key() {
  static const auto held = user_pool::signing_key::generate();
  return held;
}

std::shared_ptr<const user_pool::signing_key> other_key() {
  static const auto held = user_pool::signing_key::generate();
  return held;
}

struct claims {
  std::string iss = "\"" + issuer + "\"";
  std::string client_id = "\"client\"";
  std::string token_use = "\"access\"";
  std::string sub = "\"" + subject + "\"";
  std::string iat = "1795000000";
  std::string exp = "1795003600";
  std::string more{};

  std::string json() const {
    return R"({"iss":)" + iss + R"(,"client_id":)" + client_id + R"(,"token_use":)" + token_use +
           R"(,"sub":)" + sub + R"(,"origin_jti":")" + session_id + R"(","iat":)" + iat +
           R"(,"exp":)" + exp + more + "}";
  }
};

std::string header(const std::string& more = "") {
  return R"({"kid":")" + key()->id() + R"(","alg":"RS256")" + more + "}";
}

std::string sign(const std::string& payload, const std::string& with_header = header(),
                 const user_pool::signing_key& with = *key()) {
  const std::string text = to_base64url(with_header) + "." + to_base64url(payload);
  return text + "." + to_base64url(with.sign(text));
}

std::shared_ptr<tokens::key_source> local_keys() {
  return tokens::given_keys(tokens::parse_key_set(key()->jwks()).value());
}

struct fake_watch : session_watch {
  session_state told = session_state::trusted;
  bool alive = true;
  int asked = 0;
  session_state state(const uuid&) const override { return told; }
  task<result<bool>> is_alive(uuid) override {
    ++asked;
    co_return alive;
  }
};

std::string outcome(token_verifier& of, const std::string& token, time_point when = now) {
  const auto got = run_task(of.verify(token, when));
  return got ? "good" : got.error().codes.front();
}

struct verifying : ::testing::Test {
  std::shared_ptr<token_verifier> verifier =
      create_token_verifier({issuer, "client"}, local_keys(), nullptr);
  std::string outcome_of(const std::string& token, time_point when = now) {
    return outcome(*verifier, token, when);
  }
};

TEST_F(verifying, takes_a_good_token_and_tells_who_it_is) {
  const auto got = run_task(verifier->verify(sign(claims{}.json()), now));
  ASSERT_TRUE(got);
  EXPECT_EQ(to_string(got->subject), subject);
  EXPECT_EQ(got->session, session_id);
  EXPECT_EQ(got->expires_at, now + 1h);
}

TEST_F(verifying, refuses_every_wrong_claim) {
  const std::vector<claims> wrong = {
      {.iss = "\"https://issuer.example/pool_Other\""},
      {.iss = "\"" + issuer + "/\""},
      {.iss = "[\"" + issuer + "\"]"},
      {.client_id = "\"another\""},
      {.client_id = "null"},
      {.token_use = "\"id\""},
      {.token_use = "1"},
      {.sub = "\"not-a-uuid\""},
      {.iat = "1795000031"},
      {.iat = "\"1795000000\""},
      {.exp = "\"1795003600\""},
      {.exp = "-1"},
      {.exp = "1e300"},
      {.exp = "null"},
      {.more = R"(,"nbf":1795000031)"},
      {.more = R"(,"nbf":"soon")"},
  };
  for (const auto& each : wrong) {
    EXPECT_EQ(outcome_of(sign(each.json())), "token_invalid") << each.json();
  }
  EXPECT_EQ(outcome_of(sign(R"({"sub":"x"})")), "token_invalid");
  EXPECT_EQ(outcome_of(sign("[]")), "token_invalid");
  EXPECT_EQ(outcome_of(sign("no json")), "token_invalid");
  EXPECT_EQ(outcome_of(sign(claims{.more = R"(,"nbf":1795000030)"}.json())), "good");
}

TEST_F(verifying, tells_an_expired_token_from_a_bad_one) {
  EXPECT_EQ(outcome_of(sign(claims{.exp = "1795000000"}.json())), "token_expired");
  EXPECT_EQ(outcome_of(sign(claims{.exp = "1795000000"}.json(), header(), *other_key())),
            "token_invalid");
  const auto token = sign(claims{}.json());
  EXPECT_EQ(outcome_of(token, now + 1h - 1ms), "good");
  EXPECT_EQ(outcome_of(token, now + 1h), "token_expired");
}

TEST_F(verifying, pins_the_algorithm_and_takes_no_key_from_the_token) {
  const std::string payload = claims{}.json();
  const std::string id = key()->id();
  EXPECT_EQ(outcome_of(sign(payload, R"({"kid":")" + id + R"(","alg":"none"})")), "token_invalid");
  EXPECT_EQ(outcome_of(sign(payload, R"({"kid":")" + id + R"(","alg":"RS512"})")), "token_invalid");
  EXPECT_EQ(outcome_of(sign(payload, R"({"kid":")" + id + R"(","alg":"rs256"})")), "token_invalid");
  EXPECT_EQ(outcome_of(sign(payload, R"({"kid":")" + id + R"(","alg":["RS256"]})")),
            "token_invalid");
  EXPECT_EQ(outcome_of(sign(payload, R"({"alg":"RS256"})")), "token_invalid");
  EXPECT_EQ(outcome_of(sign(payload, R"({"kid":"unknown","alg":"RS256"})")), "token_invalid");
  EXPECT_EQ(outcome_of(sign(payload, R"({"kid":"../../key","alg":"RS256"})")), "token_invalid");
  for (const char* more : {R"(,"crit":["exp"])", R"(,"jwk":{})", R"(,"jku":"https://x.example")",
                           R"(,"x5u":"https://x.example")", R"(,"x5c":[])", R"(,"b64":false)",
                           R"(,"typ":"at+jwt")", R"(,"zip":"DEF")"}) {
    EXPECT_EQ(outcome_of(sign(payload, header(more))), "token_invalid") << more;
  }
  EXPECT_EQ(outcome_of(sign(payload, header(R"(,"typ":"JWT")"))), "good");

  // The public key, which everybody has, as the secret of an HMAC.
  const std::string text =
      to_base64url(R"({"kid":")" + id + R"(","alg":"HS256"})") + "." + to_base64url(payload);
  const auto mac = hmac_sha256(key()->jwks(), text);
  EXPECT_EQ(outcome_of(text + "." + to_base64url(as_view(mac))), "token_invalid");
}

TEST_F(verifying, refuses_tokens_that_were_changed_in_any_part_or_are_not_canonical) {
  const auto token = sign(claims{}.json());
  const auto dot = token.rfind('.');
  for (const std::size_t at : {std::size_t{3}, dot / 2, dot + 1, dot + 100}) {
    auto changed = token;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    EXPECT_EQ(outcome_of(changed), "token_invalid") << at;
  }
  // 256 bytes leave four unused bits in the last character of a signature.
  auto alias = token;
  alias.back() = static_cast<char>(alias.back() + 1);
  EXPECT_EQ(outcome_of(alias), "token_invalid");
  for (const std::string& text :
       {token + "=", token + ".", "." + token, token + "\n", " " + token, token.substr(0, dot + 1),
        token.substr(0, dot), token.substr(0, token.find('.')) + ".." + token.substr(dot + 1),
        std::string{}, std::string{".."}, std::string{"a.b.c"}, token + "." + token,
        std::string(5000, 'a'), "Bearer " + token}) {
    EXPECT_EQ(outcome_of(text), "token_invalid");
  }
  EXPECT_EQ(outcome_of(token), "good");
}

TEST_F(verifying, takes_a_token_with_the_groups_of_a_large_pool) {
  std::string groups = R"(,"cognito:groups":["g")";
  for (int i = 0; i < 300; ++i) groups += R"(,"group-)" + std::to_string(i) + "\"";
  groups += R"(],"nested":{"a":{"b":{"c":{"d":[1]}}}})";
  const auto token = sign(claims{.more = groups}.json());
  EXPECT_GT(token.size(), 4096U);
  EXPECT_EQ(outcome_of(token), "good");
}

TEST_F(verifying, refuses_oversized_and_deeply_nested_tokens) {
  std::string pad = R"(,"pad":")" + std::string(8192, 'x') + "\"";
  EXPECT_EQ(outcome_of(sign(claims{.more = pad}.json())), "token_invalid");
  std::string deep = R"(,"deep":)" + std::string(50, '[') + std::string(50, ']');
  EXPECT_EQ(outcome_of(sign(claims{.more = deep}.json())), "token_invalid");
}

TEST(token_cache, a_revocation_ends_a_cached_token_at_once) {
  const auto watch = std::make_shared<fake_watch>();
  const auto verifier = create_token_verifier({issuer, "client"}, local_keys(), watch);
  const auto token = sign(claims{}.json());
  EXPECT_EQ(outcome(*verifier, token), "good");
  EXPECT_EQ(outcome(*verifier, token), "good");
  EXPECT_EQ(watch->asked, 1);
  watch->told = session_state::unknown;
  EXPECT_EQ(outcome(*verifier, token), "good");
  EXPECT_EQ(watch->asked, 2);
  watch->told = session_state::revoked;
  watch->alive = false;
  EXPECT_EQ(outcome(*verifier, token), "token_revoked");
  EXPECT_EQ(outcome(*verifier, token), "token_revoked");
}

TEST(token_cache, is_bounded_and_forgets_what_expired) {
  tokens::token_cache cache{16};
  for (int i = 0; i < 1000; ++i) {
    const auto digest = sha256(std::to_string(i));
    cache.put(digest, {{uuid{}, session_id, now + 1h}, uuid{}}, now);
    ASSERT_TRUE(cache.find(digest, now));
  }
  int held = 0;
  for (int i = 0; i < 1000; ++i) held += cache.find(sha256(std::to_string(i)), now) ? 1 : 0;
  EXPECT_LE(held, 16);
  EXPECT_FALSE(cache.find(sha256("999"), now + 1h));
}

// An issuer whose answers and outages the test decides.
struct fake_issuer {
  int fetches = 0;
  std::string body = key()->jwks();
  std::function<void()> during = [] {};

  std::vector<std::string> heard;

  std::shared_ptr<token_verifier> verifier(tokens::fetch_rules rules = {}) {
    const auto fetch = [this](std::string) -> task<result<std::string>> {
      ++fetches;
      boost::asio::steady_timer pause{co_await boost::asio::this_coro::executor, 5ms};
      co_await pause.async_wait(boost::asio::use_awaitable);
      if (body.empty()) co_return fail(fault_kind::unavailable, "away", "away");
      co_return body;
    };
    tokens::fetch_hooks hooks;
    hooks.on_failure = [this](std::string_view reason) { heard.emplace_back(reason); };
    hooks.on_recovery = [this] { heard.emplace_back("recovered"); };
    return create_token_verifier(
        {issuer, "client"},
        tokens::fetched_keys(issuer + "/jwks.json", fetch, rules, std::move(hooks)), nullptr);
  }
};

TEST(fetched_keys, are_fetched_once_for_many_callers_at_once) {
  fake_issuer from;
  const auto verifier = from.verifier();
  boost::asio::io_context loop;
  int good = 0;
  for (int i = 0; i < 20; ++i) {
    const auto one = [](std::shared_ptr<token_verifier> of, std::string token,
                        int& count) -> task<> {
      if (co_await of->verify(token, now)) ++count;
    };
    auto token = sign(claims{.exp = std::to_string(1'795'003'600 + i)}.json());
    boost::asio::co_spawn(loop, one(verifier, std::move(token), good), boost::asio::detached);
  }
  loop.run();
  EXPECT_EQ(good, 20);
  EXPECT_EQ(from.fetches, 1);
}

TEST(fetched_keys, survive_an_outage_and_follow_a_rotation) {
  fake_issuer from;
  const auto verifier = from.verifier();
  EXPECT_EQ(outcome(*verifier, sign(claims{}.json())), "good");
  from.body.clear();
  EXPECT_EQ(outcome(*verifier, sign(claims{.exp = "1795009999"}.json()), now + 2h), "good");
  EXPECT_EQ(from.fetches, 2);

  from.body = other_key()->jwks();
  const std::string next = R"({"kid":")" + other_key()->id() + R"(","alg":"RS256"})";
  const auto token = sign(claims{.exp = "1795099999"}.json(), next, *other_key());
  EXPECT_EQ(outcome(*verifier, token, now + 2h + 1s), "token_invalid");  // within the pause
  EXPECT_EQ(outcome(*verifier, token, now + 2h + 30s), "good");
}

TEST(fetched_keys, unknown_key_ids_do_not_hammer_the_issuer) {
  fake_issuer from;
  const auto verifier = from.verifier();
  EXPECT_EQ(outcome(*verifier, sign(claims{}.json())), "good");
  for (int i = 0; i < 50; ++i) {
    const auto token =
        sign(claims{}.json(), R"({"kid":"k)" + std::to_string(i) + R"(","alg":"RS256"})");
    EXPECT_EQ(outcome(*verifier, token, now + 31s), "token_invalid");
  }
  EXPECT_EQ(from.fetches, 2);
}

TEST(fetched_keys, say_so_when_they_could_never_be_fetched) {
  fake_issuer from;
  from.body.clear();
  const auto verifier = from.verifier();
  EXPECT_EQ(outcome(*verifier, sign(claims{}.json())), "issuer_unavailable");
  from.body = key()->jwks();
  EXPECT_EQ(outcome(*verifier, sign(claims{}.json()), now + 30s), "good");
}

TEST(fetched_keys, tell_of_each_failed_fetch_and_of_the_recovery) {
  fake_issuer from;
  from.body.clear();
  const auto verifier = from.verifier();
  EXPECT_EQ(outcome(*verifier, sign(claims{}.json())), "issuer_unavailable");
  from.body = "no keys";
  EXPECT_EQ(outcome(*verifier, sign(claims{}.json()), now + 30s), "issuer_unavailable");
  from.body = key()->jwks();
  EXPECT_EQ(outcome(*verifier, sign(claims{}.json()), now + 60s), "good");
  EXPECT_EQ(outcome(*verifier, sign(claims{.exp = "1795099999"}.json()), now + 3h), "good");
  EXPECT_EQ(from.heard,
            (std::vector<std::string>{"away", "the answer is no key set", "recovered"}));
}

TEST(key_set, takes_only_strong_rsa_signature_keys) {
  using tokens::parse_key_set;
  const std::string good = key()->jwks();
  EXPECT_TRUE(parse_key_set(good));
  const auto with = [&](std::string_view what, std::string_view instead) {
    std::string out = good;
    out.replace(out.find(what), what.size(), instead);
    return parse_key_set(out);
  };
  EXPECT_FALSE(with("\"RSA\"", "\"EC\""));
  EXPECT_FALSE(with("\"sig\"", "\"enc\""));
  EXPECT_FALSE(with("RS256", "RS512"));
  EXPECT_TRUE(with("\"RSA\"", R"("RSA","key_ops":["verify"])"));
  EXPECT_TRUE(with("\"RSA\"", R"("RSA","key_ops":["sign","verify"])"));
  for (const char* other : {R"(["encrypt"])", R"(["sign"])", "[]", R"("verify")", "[1]", "null"}) {
    EXPECT_FALSE(with("\"RSA\"", std::string{R"("RSA","key_ops":)"} + other)) << other;
  }
  EXPECT_FALSE(with("\"AQAB\"", "\"AQ\""));
  EXPECT_FALSE(with("\"keys\"", "\"other\""));
  EXPECT_FALSE(parse_key_set(R"({"keys":[]})"));
  EXPECT_FALSE(parse_key_set(std::string(100'000, ' ')));
  EXPECT_FALSE(parse_key_set(R"({"keys":[{"kty":"RSA","kid":"weak","e":"AQAB","n":"AQAB"}]})"));
}

}  // namespace
}  // namespace cruddur
