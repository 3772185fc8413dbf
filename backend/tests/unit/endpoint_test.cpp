// What an endpoint learns of a request besides its own input: the request_context.
#include "api/endpoint.hpp"

#include <gtest/gtest.h>

#include "api/feed_json.hpp"
#include "fake_activity_store.hpp"
#include "run_task.hpp"
#include "support/memory_pool_stores.hpp"

namespace cruddur::api {
namespace {

constexpr time_point now = from_unix_ms(1'800'000'000'000);
const uuid account = make_uuid_v4();
const uuid profile_id = make_uuid_v4();

struct fixed_clock : cruddur::clock {
  time_point now() const override { return api::now; }
};

struct fake_verifier : token_verifier {
  task<result<verified_token>> verify(std::string_view token, time_point) override {
    if (token != "good") co_return fail(fault_kind::unauthenticated, "token_invalid", "");
    co_return verified_token{.subject = account,
                             .session = "a session whose name is long enough to be moved",
                             .expires_at = api::now};
  }
};

// What the endpoint was given, in words.
task<result<http::response>> tell(services&, http::request&, request_context context) {
  std::string text = context.viewer == profile_id ? "member" : "visitor";
  for (const auto part : {context.session, context.request_id, context.trace}) {
    text.append(" | ").append(part);
  }
  if (context.now != api::now) text += " at another time";
  co_return json_response(std::move(text));
}

struct endpoints : ::testing::Test {
  endpoints() { profiles.profiles[account] = {profile_id, "ann", "Ann", "", now}; }

  std::string answer_to(std::vector<std::pair<std::string_view, std::string_view>> headers) {
    http::request request;
    request.request_id = "0123456789abcdef";
    request.headers = std::move(headers);
    const auto handler = make_handler(services, access::anyone, tell);
    return std::string{tests::run_task(handler(request)).body_view()};
  }

  tests::fake_activity_store store;
  testing::memory_profiles profiles;
  fixed_clock clock;
  fake_verifier verifier;
  activity_observers nobody{{}};
  activity_writer writer{store, profiles, nobody};
  cruddur::likes likes{store, store, nobody};
  feed_json format;
  feed home{home_of(store), format, store, store, {}};
  write_budgets budgets{{}};
  profile_ids viewers{profiles};
  api::services services{clock,  verifier, store, store,   store,  profiles,
                         writer, likes,    home,  budgets, viewers};
};

constexpr char trace[] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

TEST_F(endpoints, learn_who_calls_in_which_session_request_and_trace) {
  EXPECT_EQ(answer_to({{"authorization", "Bearer good"}, {"traceparent", trace}}),
            "member | a session whose name is long enough to be moved | 0123456789abcdef | " +
                std::string{trace});
  EXPECT_EQ(answer_to({}), "visitor |  | 0123456789abcdef | ");
}

TEST_F(endpoints, take_no_trace_that_is_none) {
  for (const char* text : {"", "00-4bf9", "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                           "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                           "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                           "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                           "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
                           "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}) {
    EXPECT_EQ(answer_to({{"traceparent", text}}), "visitor |  | 0123456789abcdef | ") << text;
  }
}

}  // namespace
}  // namespace cruddur::api
