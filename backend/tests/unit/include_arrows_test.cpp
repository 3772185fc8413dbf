// Keeps the include arrows of docs/architecture.md: a folder of backend/src includes only itself
// and what its arrow allows.
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>

#include <gtest/gtest.h>

namespace {

namespace fs = std::filesystem;

const std::set<std::string> adapter_may{"ports", "net", "runtime", "domain", "base"};

const std::map<std::string, std::set<std::string>> allowed{
    {"base", {}},
    {"domain", {"base"}},
    {"ports", {"domain", "base"}},
    {"app", {"ports", "domain", "base"}},
    {"runtime", {"base"}},
    {"net", {"runtime", "base"}},
    {"http", {"runtime", "base"}},
    {"telemetry", {"base"}},
    {"config", {"base"}},
    {"api", {"app", "http", "ports", "domain", "base"}},
    {"realtime", {"app", "http", "ports", "runtime", "domain", "base"}},
    {"adapters/sql", adapter_may},
    {"adapters/sqlite", {"adapters/sql", "ports", "net", "runtime", "domain", "base"}},
    {"adapters/postgres", {"adapters/sql", "ports", "net", "runtime", "domain", "base"}},
    {"user_pool", adapter_may},
    {"adapters/tokens", adapter_may},
    {"adapters/outbox", adapter_may},
    {"adapters/smtp", adapter_may},
};

// "adapters/sql" for adapters/sql/database.hpp, "base" for base/uuid.hpp.
std::string folder_of(const fs::path& file) {
  auto part = file.begin();
  std::string out = part->string();
  if (out == "adapters" && ++part != file.end()) out += "/" + part->string();
  return out;
}

TEST(include_arrows, are_kept) {
  const fs::path root{CRUDDUR_SOURCE_DIR "/backend/src"};
  const std::regex include{R"re(^\s*#include "([^"]+)")re"};
  int checked = 0;
  for (const auto& found : fs::recursive_directory_iterator{root}) {
    const fs::path file = fs::relative(found.path(), root);
    if (!found.is_regular_file() || !file.has_parent_path()) continue;
    const std::string from = folder_of(file);
    if (from == "main") continue;  // where all meet
    const auto rule = allowed.find(from);
    ASSERT_NE(rule, allowed.end()) << file << ": give " << from << " an arrow";
    std::ifstream text{found.path()};
    for (std::string line; std::getline(text, line);) {
      std::smatch match;
      if (!std::regex_search(line, match, include)) continue;
      const std::string to = folder_of(match[1].str());
      EXPECT_TRUE(to == from || rule->second.contains(to)) << file << " includes " << match[1];
      ++checked;
    }
  }
  EXPECT_GT(checked, 100);
}

TEST(environment, is_read_in_config_only) {
  const fs::path root{CRUDDUR_SOURCE_DIR "/backend/src"};
  for (const auto& found : fs::recursive_directory_iterator{root}) {
    const fs::path file = fs::relative(found.path(), root);
    if (!found.is_regular_file() || file.begin()->string() == "config") continue;
    std::ifstream text{found.path()};
    const std::string all{std::istreambuf_iterator<char>{text}, {}};
    EXPECT_EQ(all.find("getenv"), std::string::npos) << file;
  }
}

}  // namespace
