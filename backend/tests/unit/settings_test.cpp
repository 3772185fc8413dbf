#include "config/settings.hpp"

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/env_file.hpp"
#include "config/spelling.hpp"

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

TEST(settings, count_database_connections_in_all) {
  EXPECT_EQ(read({})->database_connections, 0) << "two for each loop";
  EXPECT_EQ(read({{"DATABASE_CONNECTIONS", "1"}})->database_connections, 1);
  EXPECT_EQ(read({{"DATABASE_CONNECTIONS", "1024"}})->database_connections, 1024);
  EXPECT_EQ(read({{"DATABASE_CONNECTIONS", "1025"}}).error().detail,
            "DATABASE_CONNECTIONS must be a number from 0 to 1024, not \"1025\".");
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

struct spelling {
  std::string_view setting;
  std::string given;
  std::string normal;
};

std::string texts_of(const std::vector<address_block>& blocks) {
  std::vector<std::string> texts;
  for (const auto& block : blocks) texts.push_back(block.text());
  return testing::PrintToString(texts);
}

// The setting's value as text.
std::string value_of(const settings& all, std::string_view name) {
  const std::map<std::string_view, std::string> known{
      {"BACKEND_URL", all.backend_url},
      {"FRONTEND_URL", all.frontend_url},
      {"IDENTITY_URL", all.identity_url},
      {"DATABASE_URL", all.database_url},
      {"SMTP_URL", all.smtp_url},
      {"TRUSTED_PROXIES", texts_of(all.trusted_proxies)},
      {"KEYS_URL", all.keys_url},
      {"HOST", all.host},
      {"PORT", std::to_string(all.port)},
      {"SEED", all.seed ? "true" : "false"},
      {"LOG_LEVEL", all.log_level},
      {"SMTP_EHLO_NAME", all.smtp_ehlo_name},
      {"SHUTDOWN_DEADLINE", std::to_string(all.shutdown_deadline.count())},
      {"ACCESS_TOKEN_LIFETIME", std::to_string(all.access_token_lifetime.count())},
      {"REFRESH_TOKEN_LIFETIME", std::to_string(all.refresh_token_lifetime.count())},
      {"IDENTITY_CLIENT_ID", all.identity_client_id},
      {"CRUDDUR_ENV", all.production ? "production" : "development"}};
  return known.at(name);
}

TEST(settings, are_normalised_whatever_their_spelling) {
  const std::vector<spelling> all{
      {"BACKEND_URL", "HTTPS://Cruddur.Example/", "https://cruddur.example"},
      {"BACKEND_URL", "https://cruddur.example:443", "https://cruddur.example"},
      {"BACKEND_URL", "https://cruddur.example:", "https://cruddur.example"},
      {"BACKEND_URL", "http://cruddur.example:080", "http://cruddur.example"},
      {"BACKEND_URL", "http://cruddur.example:8080/", "http://cruddur.example:8080"},
      {"BACKEND_URL", " https://cruddur.example\r\n", "https://cruddur.example"},
      {"BACKEND_URL", "https://b\u00fccher.example", "https://xn--bcher-kva.example"},
      {"FRONTEND_URL", "https://B\u00dcCHER.example.", "https://xn--bcher-kva.example"},
      {"FRONTEND_URL", "http://[2001:DB8::0:1]:80", "http://[2001:db8::1]"},
      {"FRONTEND_URL", "http://192.0.2.1:3000", "http://192.0.2.1:3000"},
      {"IDENTITY_URL", "local:", "local:"},
      {"IDENTITY_URL", "Local:", "local:"},
      {"IDENTITY_URL", "https://Cognito-IDP.eu-1.amazonaws.com:443/eu-1_Abc/",
       "https://cognito-idp.eu-1.amazonaws.com/eu-1_Abc"},
      {"DATABASE_URL", "sqlite:/var/lib/a b.db", "sqlite:/var/lib/a b.db"},
      {"DATABASE_URL", "SQLite:x.db", "sqlite:x.db"},
      {"DATABASE_URL", "sqlite:///var/lib/x.db", "sqlite:/var/lib/x.db"},
      {"DATABASE_URL", "postgres://me@corp:p@ss#1@db/x", "postgres://me%40corp:p%40ss%231@db/x"},
      {"DATABASE_URL", "Postgresql://me:p%40ss@db:5433/x", "postgresql://me:p%40ss@db:5433/x"},
      {"DATABASE_URL", "postgresql:///x?host=/run/pg&user=me",
       "postgresql:///x?host=/run/pg&user=me"},
      {"DATABASE_URL", "postgres://one:1,two:2/x", "postgres://one:1,two:2/x"},
      {"KEYS_URL", " File: ", "file:"},
      {"SMTP_URL", "smtp://me@cruddur.example:pa#ss:w/ord@mail.example:2525",
       "smtp://me%40cruddur.example:pa%23ss%3Aw%2Ford@mail.example:2525"},
      {"SMTP_URL", "smtp://a:p%25b@Mail.Example", "smtp://a:p%25b@mail.example"},
      {"SMTP_URL", "SMTPS://mail.example:465/", "smtps://mail.example:465"},
      {"SMTP_URL", "smtp://[::1]:25", "smtp://[::1]:25"},
      {"TRUSTED_PROXIES", "10.0.0.0/8, 192.168.0.1 ", R"({ "10.0.0.0/8", "192.168.0.1" })"},
      {"TRUSTED_PROXIES", " ,10.1.2.3/8,,FD00::1/64,", R"({ "10.0.0.0/8", "fd00::/64" })"},
      {"HOST", "[::1]", "::1"},
      {"HOST", " 0.0.0.0 ", "0.0.0.0"},
      {"PORT", " 80 ", "80"},
      {"PORT", "+80", "80"},
      {"PORT", "0080", "80"},
      {"PORT", " ", "4567"},
      {"SEED", "TRUE", "true"},
      {"SEED", "Yes", "true"},
      {"SEED", "on", "true"},
      {"SEED", "1", "true"},
      {"SEED", "No", "false"},
      {"SEED", "OFF", "false"},
      {"SEED", "0", "false"},
      {"SEED", "false\n", "false"},
      {"LOG_LEVEL", "WARN", "warning"},
      {"LOG_LEVEL", "Debug", "debug"},
      {"CRUDDUR_ENV", "Development", "development"},
      {"SHUTDOWN_DEADLINE", "2m", "120"},
      {"SHUTDOWN_DEADLINE", "5 s", "5"},
      {"SHUTDOWN_DEADLINE", "3000ms", "3"},
      {"ACCESS_TOKEN_LIFETIME", "2h", "120"},
      {"REFRESH_TOKEN_LIFETIME", "48H", "2"},
      {"IDENTITY_CLIENT_ID", " 4abc ", "4abc"},
      {"SMTP_EHLO_NAME", "Mail.Cruddur.Example", "mail.cruddur.example"},
  };
  for (const auto& [setting, given, normal] : all) {
    const auto got = read({{std::string{setting}, given}});
    ASSERT_TRUE(got) << setting << "=" << given << ": " << got.error().detail;
    EXPECT_EQ(value_of(*got, setting), normal) << setting << "=" << given;
  }
}

TEST(settings, that_mean_nothing_are_refused_by_a_sentence_that_names_them) {
  const std::map<std::string, std::vector<std::string>> all{
      {"BACKEND_URL",
       {"cruddur.example",
        "ftp://x",
        "https://",
        "https:///",
        "https://x/path",
        "https://x?q",
        "https://x#f",
        "https://me@x",
        "https://x:0",
        "https://x:65536",
        "https://x:8o",
        "https://x y",
        "https://x\r\nSet-Cookie: a=b",
        "https://-x.example",
        "https://x..y",
        "https://\xff",
        "https://999.1.1.1",
        "https://[::1",
        "https://[fe80::1%eth0]",
        "https://x//",
        "https://*.example",
        "null",
        "https:x",
        "https://x,https://y"}},
      {"IDENTITY_URL",
       {"local", "cognito", "https://x", "https://x/", "https://x/pool?a=b", "https://x/pool#a",
        "https://u:p@x/pool", "https://x//pool", "https://x/po ol", "ftp://x/pool"}},
      {"DATABASE_URL",
       {"sqlite:", "sqlite::memory:", "sqlite:x.db?mode=ro", "sqlite:file:x.db", "sqlite:folder/",
        "sqlite://x.db", "x.db", "mysql://x", "postgres:/x", "postgres://h:port/x",
        "postgres://h:70000/x", "postgres://u:%zz@h/x", "postgres://h/x?no_such_option=1"}},
      {"KEYS_URL",
       {"file", "file:x", "database", "sqlite:x.db", "postgres:/x", "postgres://h:port/x",
        "dynamodb://x"}},
      {"SMTP_URL",
       {"mail.example", "smtp:mail.example", "smtp://", "smtp://user@", "smtp://@host",
        "smtp://:pass@host", "smtp://u:%zz@host", "smtp://u:a%0Db@host", "smtp://u:a%00@host",
        "smtp://host:0", "smtp://host:99999", "smtp://host:25x", "smtp://ho st", "smtp://host/x",
        "smtp://host?x", "smtp://host#x", "http://host"}},
      {"TRUSTED_PROXIES",
       {"10.0.0.0/33", "10.0.0", "proxy.example", "10.0.0.1 10.0.0.2", "::1/129"}},
      {"HOST", {"localhost:80", "not an address", "256.0.0.1", "[::1", "1.2.3.4/8"}},
      {"PORT", {"80a", "-1", "65536", "99999999999999999999", "+-1", "8 0", "0x50", "1e3", "+"}},
      {"EVENT_LOOPS", {"-1", "1.5", "257", "many"}},
      {"SEED", {"perhaps", "2", "truefalse", "y n"}},
      {"LOG_LEVEL", {"loud", "info,debug"}},
      {"CRUDDUR_ENV", {"staging", "prod"}},
      {"SHUTDOWN_DEADLINE", {"1.5", "6m", "500ms", "10 parsecs", "-1", "99999999999999999d", "s"}},
      {"ACCESS_TOKEN_LIFETIME", {"90s", "4", "1d1h"}},
      {"REFRESH_TOKEN_LIFETIME", {"1h", "0", "3651"}},
      {"IDENTITY_CLIENT_ID", {"a b", "a\nb", std::string(129, 'x'), "\u00fc"}},
      {"MAIL_FROM", {"nobody", "a@b@c", "Cruddur <a@b", "a@b\r\nBcc: c@d", "<>", "a b@c"}},
      {"SMTP_EHLO_NAME", {"a b", "a/b", "-"}},
      {"USER_POOL_SECRET", {"short", "AAAA\nBBBB"}},
  };
  for (const auto& [setting, values] : all) {
    for (const std::string& value : values) {
      const auto got = read({{setting, value}});
      ASSERT_FALSE(got) << setting << "=" << value;
      const std::string& said = got.error().detail;
      EXPECT_THAT(said, testing::StartsWith(setting + " must ")) << value;
      EXPECT_EQ(said.find_first_of("\r\n"), std::string::npos) << value;
      EXPECT_TRUE(said.ends_with('.')) << said;
    }
  }
}

TEST(settings, greet_mail_servers_with_the_host_of_the_backend) {
  EXPECT_EQ(read({{"BACKEND_URL", "https://cruddur.example:8443"}})->smtp_ehlo_name,
            "cruddur.example");
  EXPECT_EQ(read({{"BACKEND_URL", "http://[::1]"}})->smtp_ehlo_name, "::1");
}

TEST(settings, that_are_misspelt_bring_the_nearest_to_mind) {
  const auto about = [](std::string name) {
    const auto said = complain_about({std::move(name)});
    return said.empty() ? std::string{} : said.front();
  };
  EXPECT_EQ(about("CRUDDUR_DATADIR"),
            "CRUDDUR_DATADIR is no setting; did you mean CRUDDUR_DATA_DIR?");
  EXPECT_EQ(about("SMTP_ULR"), "SMTP_ULR is no setting; did you mean SMTP_URL?");
  EXPECT_EQ(about("smtp_url"), "smtp_url is no setting; did you mean SMTP_URL?");
  EXPECT_EQ(about("DATABSE_URL"), "DATABSE_URL is no setting; did you mean DATABASE_URL?");
  EXPECT_EQ(about("PROT"), "PROT is no setting; did you mean PORT?");
  EXPECT_EQ(about("CRUDDUR_PORT"), "CRUDDUR_PORT is no setting; did you mean PORT?");
  EXPECT_EQ(about("CRUDDUR_COLOUR_OF_HATS"), "CRUDDUR_COLOUR_OF_HATS is no setting");
  for (const char* name : {"PATH", "HOME", "USER", "LANG", "POST", "HOST", "HOSTNAME", "PWD",
                           "TERM", "SPEED", "LOGNAME", "host", "SHELL", "PGHOST", "MAIL"}) {
    EXPECT_EQ(about(name), "") << name;
  }
}

TEST(settings, come_from_lines_of_a_file) {
  const auto path = std::filesystem::temp_directory_path() / "cruddur_settings_test.env";
  const auto file = [&path](std::string_view text) {
    std::ofstream{path} << text;
    return read_env_file(path);
  };
  const auto got =
      file("# how loud\n\nLOG_LEVEL = debug\r\nexport PORT='80'\nSMTP_URL=\"smtp://a=b@c\"\n");
  ASSERT_TRUE(got);
  EXPECT_EQ(*got,
            (named_values{{"LOG_LEVEL", "debug"}, {"PORT", "80"}, {"SMTP_URL", "smtp://a=b@c"}}));
  EXPECT_THAT(
      file("PORT=1\nnonsense\n").error().detail,
      testing::AllOf(testing::StartsWith("CRUDDUR_ENV_FILE "), testing::HasSubstr("line 2")));
  std::filesystem::remove(path);
  EXPECT_THAT(read_env_file(path).error().detail, testing::StartsWith("CRUDDUR_ENV_FILE "));
}

TEST(settings, in_production_keep_tokens_and_keys_off_plain_http) {
  const std::map<std::string, std::string, std::less<>> good{
      {"CRUDDUR_ENV", "production"},
      {"BACKEND_URL", "https://cruddur.example"},
      {"SMTP_URL", "smtps://mail.example"}};
  for (const auto& [name, url] :
       std::map<std::string, std::string>{{"BACKEND_URL", "http://cruddur.example"},
                                          {"FRONTEND_URL", "http://192.0.2.1"},
                                          {"IDENTITY_URL", "http://idp.example/eu_Pool"}}) {
    auto all = good;
    all[name] = url;
    const auto refused = read(all);
    ASSERT_FALSE(refused) << name;
    EXPECT_THAT(refused.error().detail, testing::StartsWith(name + " must be https:"));
    all["ALLOW_PLAIN_HTTP"] = "true";
    ASSERT_TRUE(read(all)) << name;
    EXPECT_EQ(warnings_about(*read(all)).size(), 1U);
  }
  for (const char* near : {"http://localhost:4567", "http://127.0.0.9", "http://[::1]:80"}) {
    auto all = good;
    all["BACKEND_URL"] = near;
    EXPECT_TRUE(read(all)) << near;
  }
  EXPECT_TRUE(warnings_about(*read(good)).empty());
  auto plain_mail = good;
  plain_mail["SMTP_URL"] = "smtp://u:p@mail.example";
  EXPECT_THAT(warnings_about(*read(plain_mail)), testing::SizeIs(1));
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
