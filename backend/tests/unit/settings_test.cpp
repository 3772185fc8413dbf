#include "config/settings.hpp"

#include <fstream>
#include <map>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cruddur::config {
namespace {

result<settings> read(std::map<std::string, std::string, std::less<>> given) {
  return read_settings([given](std::string_view name) -> std::optional<std::string> {
    const auto found = given.find(name);
    return found == given.end() ? std::nullopt : std::optional{found->second};
  });
}

TEST(settings, serve_a_laptop_with_nothing_set) {
  const auto all = read({});
  ASSERT_TRUE(all);
  EXPECT_FALSE(all->production);
  EXPECT_EQ(all->host, "127.0.0.1");
  EXPECT_EQ(all->port, 4567);
  EXPECT_EQ(all->backend_url, "http://localhost:4567");
  EXPECT_EQ(all->database_url, "sqlite:data/cruddur.db");
  EXPECT_GE(all->event_loops, 1U);
}

TEST(settings, a_bad_one_is_one_sentence_that_names_it) {
  EXPECT_EQ(read({{"PORT", "80a"}}).error().detail,
            "PORT must be a number from 0 to 65535, not \"80a\".");
  EXPECT_EQ(read({{"PORT", "65536"}}).error().detail,
            "PORT must be a number from 0 to 65535, not \"65536\".");
  EXPECT_EQ(read({{"BACKEND_URL", "example.org"}}).error().detail,
            "BACKEND_URL must be an origin such as https://cruddur.example, without a path, not "
            "\"example.org\".");
}

TEST(settings, a_secrets_value_is_not_repeated) {
  EXPECT_EQ(read({{"SMTP_URL", "user:hunter2@host"}}).error().detail,
            "SMTP_URL must begin with smtp:// or smtps://.");
}

TEST(settings, production_refuses_what_is_only_safe_in_development) {
  std::map<std::string, std::string, std::less<>> good{{"CRUDDUR_ENV", "production"},
                                                       {"BACKEND_URL", "https://cruddur.example/"},
                                                       {"SMTP_URL", "smtp://mail.example"}};
  ASSERT_TRUE(read(good));
  EXPECT_EQ(read(good)->backend_url, "https://cruddur.example");
  for (const auto& [name, value] : std::map<std::string, std::string>{
           {"CLOCK_MOVABLE", "true"}, {"SMTP_URL", ""}, {"BACKEND_URL", ""}}) {
    auto bad = good;
    bad[name] = value;
    const auto all = read(bad);
    ASSERT_FALSE(all) << name;
    EXPECT_THAT(all.error().detail, testing::HasSubstr(name));
  }
}

TEST(settings, are_documented_as_declared) {
  std::ifstream file{CRUDDUR_SOURCE_DIR "/docs/configuration.md"};
  std::stringstream written;
  written << file.rdbuf();
  EXPECT_EQ(written.str(), settings_as_markdown())
      << "write it anew: build/dev/cruddur settings >docs/configuration.md";
}

}  // namespace
}  // namespace cruddur::config
