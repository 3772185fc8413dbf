#include <atomic>
#include <latch>
#include <mutex>
#include <thread>

#include <boost/json/parse.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "telemetry/access_log.hpp"
#include "telemetry/log.hpp"
#include "telemetry/log_line.hpp"
#include "telemetry/metrics.hpp"
#include "telemetry/refusal_count.hpp"

namespace cruddur::telemetry {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// What a log with these options writes.
template <class F>
std::string written(log_options options, F use) {
  std::string out;
  options.sink = [&](std::string_view line) { out += line; };
  {
    program_log log{std::move(options)};
    use(log);
  }
  return out;
}

TEST(log_line, is_json_on_one_line) {
  const auto line = json_line(from_unix_ms(0), log_level::warning, "two\nlines \"quoted\"",
                              {{"text",
                                "a\r\n\x01\xff"
                                "b\xe2\x82\xac"},
                               {"number", std::int64_t{-7}},
                               {"real", 0.5},
                               {"infinite", 1e308 * 10},
                               {"flag", true}});
  EXPECT_EQ(line.find('\n'), std::string::npos);
  const auto read = boost::json::parse(line).as_object();
  EXPECT_EQ(read.at("time"), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(read.at("level"), "warning");
  EXPECT_EQ(read.at("message"), "two\nlines \"quoted\"");
  EXPECT_EQ(read.at("text"), "a\r\n\x01?b\xe2\x82\xac");
  EXPECT_EQ(read.at("number"), -7);
  EXPECT_EQ(read.at("real"), 0.5);
  EXPECT_TRUE(read.at("infinite").is_null());
  EXPECT_EQ(read.at("flag"), true);
}

TEST(log_line, keeps_text_on_one_line_too) {
  EXPECT_EQ(text_line("a\nb\x1b[31m", {{"x", "c\nd"}, {"y", "plain"}, {"z", ""}}),
            "a b [31m x=\"c\\nd\" y=plain z=\"\"");
}

TEST(log_line, replaces_what_is_not_utf8) {
  EXPECT_EQ(
      replace_invalid_utf8("\xc0\xaf \xed\xa0\x80 \xf4\x90\x80\x80 \xe2\x82 \xf0\x9f\x98\x80"),
      "?? ??? ???? ?? \xf0\x9f\x98\x80");
}

TEST(program_log, drops_what_is_below_its_level) {
  const auto out = written({.format = log_format::json, .least = log_level::warning, .sink = {}},
                           [](logger& log) {
                             EXPECT_FALSE(log.is_enabled(log_level::info));
                             log.write(log_level::info, "quiet");
                             log.write(log_level::error, "loud");
                           });
  EXPECT_THAT(out, Not(HasSubstr("quiet")));
  EXPECT_THAT(out, HasSubstr("\"level\":\"error\",\"message\":\"loud\"}\n"));
}

TEST(program_log, writes_text_with_time_and_level) {
  const auto out = written(
      {}, [](logger& log) { log.write(log_level::info, "hello {} %v", {{"n", std::int64_t{1}}}); });
  EXPECT_THAT(out, ::testing::MatchesRegex("..:..:..\\.... info    hello \\{\\} %v n=1\n"));
}

TEST(program_log, says_how_many_lines_a_flood_lost) {
  std::latch gate{1};
  std::size_t lines = 0;
  std::string last;
  std::uint64_t lost = 0;
  {
    program_log log{{.format = log_format::json, .least = log_level::info, .sink = [&](auto line) {
                       gate.wait();
                       ++lines;
                       if (line.find("were lost") != std::string_view::npos) last = line;
                     }}};
    const auto began = std::chrono::steady_clock::now();
    for (int i = 0; i < 20'000; ++i) log.write(log_level::info, "flood");
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds{5});
    lost = log.lost_lines();
    gate.count_down();
  }
  EXPECT_LT(lines, 20'000U);
  EXPECT_GE(lost, 20'000U - 8'192U - 1U);
  EXPECT_THAT(last, HasSubstr("\"count\":" + std::to_string(lost)));
}

TEST(program_log, says_at_most_once_a_minute_and_at_its_end_that_lines_were_lost) {
  std::mutex gate;
  std::atomic<int> told{0};
  std::atomic<std::size_t> lines{0};
  {
    program_log log{{.format = log_format::json, .least = log_level::info, .sink = [&](auto line) {
                       const std::lock_guard wait{gate};
                       if (line.find("were lost") != std::string_view::npos) ++told;
                       ++lines;
                     }}};
    const auto flood = [&] {
      const std::lock_guard closed{gate};
      const auto before = log.lost_lines();
      for (int i = 0; i < 10'000; ++i) log.write(log_level::info, "flood");
      EXPECT_GT(log.lost_lines(), before);
    };
    const auto wait_for = [&](std::size_t written) {
      const auto late = std::chrono::steady_clock::now() + std::chrono::seconds{30};
      while (lines + log.lost_lines() < written && std::chrono::steady_clock::now() < late) {
        std::this_thread::yield();
      }
    };
    flood();
    wait_for(10'000);
    log.write(log_level::info, "room again");
    wait_for(10'002);
    EXPECT_EQ(told, 1);
    flood();
    wait_for(20'002);
    log.write(log_level::info, "room again");
    wait_for(20'003);
    EXPECT_EQ(told, 1);
  }
  EXPECT_EQ(told, 2);
}

// Keeps the lines of one test.
class kept_log final : public logger {
 public:
  bool is_enabled(log_level) const override { return true; }
  void write(log_level level, std::string_view message,
             std::initializer_list<log_field> fields) override {
    const std::lock_guard lock{mutex_};
    lines.push_back(json_line(from_unix_ms(0), level, message, fields));
  }

  std::vector<std::string> lines;

 private:
  std::mutex mutex_;
};

constexpr std::array<std::string_view, 2> reasons{"io", "busy"};

TEST(refusal_count, tells_each_reason_once_in_its_quiet_time_and_counts_all) {
  kept_log log;
  refusal_count refused{log, "work is refused", reasons};
  for (int i = 0; i < 1'000; ++i) refused.add(0, "disk I/O error");
  refused.add(1);
  refused.add(1);
  EXPECT_EQ(refused.count(0), 1'000U);
  EXPECT_EQ(refused.count(1), 2U);
  ASSERT_EQ(log.lines.size(), 2U);
  EXPECT_THAT(log.lines[0], HasSubstr("\"message\":\"work is refused\",\"reason\":\"io\","
                                      "\"count\":1,\"detail\":\"disk I/O error\""));
  EXPECT_THAT(log.lines[1], HasSubstr("\"reason\":\"busy\",\"count\":1}"));
}

TEST(refusal_count, tells_after_the_quiet_time_how_many_came_in_it) {
  kept_log log;
  refusal_count refused{log, "work is refused", reasons, std::chrono::milliseconds{1}};
  const auto lines_after = [&](std::size_t wanted) {
    const auto late = std::chrono::steady_clock::now() + std::chrono::seconds{30};
    while (log.lines.size() < wanted && std::chrono::steady_clock::now() < late) refused.add(0);
    return log.lines.size();
  };
  EXPECT_EQ(lines_after(3), 3U);
  std::int64_t told = 0;
  for (const auto& each : log.lines) {
    told += boost::json::parse(each).as_object().at("count").as_int64();
  }
  EXPECT_EQ(static_cast<std::uint64_t>(told), refused.count(0));
}

TEST(refusal_count, counts_from_many_threads) {
  kept_log log;
  refusal_count refused{log, "work is refused", reasons};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (int j = 0; j < 10'000; ++j) refused.add(0);
      });
    }
  }
  EXPECT_EQ(refused.count(0), 40'000U);
  EXPECT_EQ(log.lines.size(), 1U);
}

TEST(access_log, has_levels_by_status) {
  EXPECT_EQ(level_of(200), log_level::info);
  EXPECT_EQ(level_of(404), log_level::info);
  EXPECT_EQ(level_of(429), log_level::warning);
  EXPECT_EQ(level_of(500), log_level::error);
}

TEST(access_log, writes_one_line_a_request) {
  const auto out =
      written({.format = log_format::json, .least = log_level::info, .sink = {}}, [](logger& log) {
        log_request(log, {"GET", "/a", "/{x}", 200, 5, std::chrono::microseconds{12}, "id-12345",
                          "127.0.0.1"});
      });
  const auto read = boost::json::parse(out).as_object();
  EXPECT_EQ(read.at("method"), "GET");
  EXPECT_EQ(read.at("route"), "/{x}");
  EXPECT_EQ(read.at("status"), 200);
  EXPECT_EQ(read.at("took_us"), 12);
  EXPECT_EQ(read.at("request_id"), "id-12345");
}

TEST(access_log, keeps_no_handle) {
  for (const auto& [path, kept] :
       {std::pair{"/api/users/@ann/short", "/api/users/@/short"}, std::pair{"/@ann", "/@"},
        std::pair{"/%40ann/x", "/@/x"}, std::pair{"/a/b@c", "/a/b@c"}, std::pair{"/", "/"}}) {
    const auto out = written(
        {.format = log_format::json, .least = log_level::info, .sink = {}}, [&](logger& log) {
          log_request(log,
                      {"GET", path, "", 200, 5, std::chrono::microseconds{12}, "id", "127.0.0.1"});
        });
    EXPECT_EQ(boost::json::parse(out).as_object().at("path"), kept);
  }
}

TEST(metrics, tell_requests_by_route_and_status) {
  metrics all;
  all.count_request("GET", "/a/{b}", 200, std::chrono::microseconds{300});
  all.count_request("GET", "/a/{b}", 200, std::chrono::seconds{60});
  all.count_request("GET", "/a/{b}", 404, std::chrono::microseconds{100});
  const auto text = all.text();
  EXPECT_THAT(text,
              HasSubstr("http_requests_total{method=\"GET\",route=\"/a/{b}\",status=\"200\"} 2"));
  EXPECT_THAT(text,
              HasSubstr("http_requests_total{method=\"GET\",route=\"/a/{b}\",status=\"404\"} 1"));
  const std::string bucket =
      "http_request_duration_seconds_bucket{method=\"GET\",route=\"/a/{b}\",le=\"";
  EXPECT_THAT(text, HasSubstr(bucket + "0.0001\"} 1\n"));
  EXPECT_THAT(text, HasSubstr(bucket + "0.0005\"} 2\n"));
  EXPECT_THAT(text, HasSubstr(bucket + "+Inf\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE http_request_duration_seconds histogram"));
}

TEST(metrics, read_gauges_and_counters_at_each_scrape) {
  metrics all;
  double value = 1;
  all.add_gauge("cruddur_things", "Things.", [&] { return value; });
  all.add_counter("cruddur_events_total", "Events.", [&] { return value * 2; });
  EXPECT_THAT(all.text(), HasSubstr("\ncruddur_things 1\n"));
  value = 3;
  EXPECT_THAT(all.text(), HasSubstr("\ncruddur_things 3\n"));
  EXPECT_THAT(all.text(),
              HasSubstr("# TYPE cruddur_events_total counter\ncruddur_events_total 6\n"));
  EXPECT_THAT(all.text(), HasSubstr("process_resident_memory_bytes "));
}

TEST(metrics, tell_how_long_things_took) {
  duration_histogram counted;
  metrics all;
  all.add_histogram("cruddur_lag_seconds", "Lag.", counted);
  for (const int each : {0, 10, 11, 400, 7'200'000}) counted.add(std::chrono::milliseconds{each});
  const auto text = all.text();
  EXPECT_THAT(text, HasSubstr("# TYPE cruddur_lag_seconds histogram\n"));
  EXPECT_THAT(text, HasSubstr("cruddur_lag_seconds_count 5\n"));
  EXPECT_THAT(text, HasSubstr("cruddur_lag_seconds_sum 7200.421"));
  EXPECT_THAT(text, HasSubstr("_bucket{le=\"0.01\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("_bucket{le=\"0.05\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("_bucket{le=\"0.5\"} 4\n"));
  EXPECT_THAT(text, HasSubstr("_bucket{le=\"3600\"} 4\n"));
  EXPECT_THAT(text, HasSubstr("_bucket{le=\"+Inf\"} 5\n"));
}

TEST(metrics, tell_counters_that_differ_in_a_label) {
  metrics all;
  all.add_counters("cruddur_refused_total", "Refused.", "reason",
                   [] { return metrics::labelled_values{{"io", 2}, {"busy", 0}}; });
  EXPECT_THAT(all.text(), HasSubstr("# TYPE cruddur_refused_total counter\n"
                                    "cruddur_refused_total{reason=\"io\"} 2\n"
                                    "cruddur_refused_total{reason=\"busy\"} 0\n"));
}

TEST(metrics, count_from_many_threads_while_being_read) {
  metrics all;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (int j = 0; j < 10'000; ++j) {
          all.count_request("GET", "/", 200, std::chrono::microseconds{j});
        }
      });
    }
    for (int i = 0; i < 20; ++i) EXPECT_FALSE(all.text().empty());
  }
  EXPECT_THAT(all.text(), HasSubstr("status=\"200\"} 40000\n"));
}

}  // namespace
}  // namespace cruddur::telemetry
