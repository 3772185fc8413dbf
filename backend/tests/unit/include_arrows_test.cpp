// Holds the includes of backend/src to the picture of its folders in docs/architecture.md: a folder
// includes itself and what arrows lead to from it, over any number of them. Every adapter is a
// folder of adapters/ and includes no other, but where the picture has an arrow between the two by
// name.
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace {

namespace fs = std::filesystem;

using arrows = std::map<std::string, std::set<std::string>>;

std::vector<std::string> names_in(const std::string& text) {
  std::vector<std::string> names;
  const std::regex name{R"(\w+)"};
  for (std::sregex_iterator at{text.begin(), text.end(), name}, end; at != end; ++at) {
    names.push_back(at->str());
  }
  return names;
}

// Lines such as "  realtime --> app & http" behind the heading.
arrows read_picture() {
  std::ifstream document{CRUDDUR_SOURCE_DIR "/docs/architecture.md"};
  const std::regex arrow{R"(^\s*([\w &]+) --> ([\w &]+)$)"};
  arrows found;
  bool is_within = false;
  for (std::string line; std::getline(document, line);) {
    if (line.starts_with("## ")) is_within = line == "## Folders and arrows";
    std::smatch match;
    if (!is_within || !std::regex_match(line, match, arrow)) continue;
    for (const std::string& from : names_in(match[1])) {
      for (const std::string& to : names_in(match[2])) found[from].insert(to);
    }
  }
  return found;
}

// A picture whose arrows lead in a circle would allow everything along it.
bool leads(const arrows& picture, const std::string& from, const std::string& to) {
  const auto found = picture.find(from);
  if (found == picture.end()) return false;
  for (const std::string& next : found->second) {
    if (next == to || leads(picture, next, to)) return true;
  }
  return false;
}

// "adapters/sql" for adapters/sql/database.hpp, "base" for base/uuid.hpp.
std::string folder_of(const fs::path& file) {
  auto part = file.begin();
  std::string folder = part->string();
  if (folder == "adapters" && ++part != file.end()) folder += "/" + part->string();
  return folder;
}

bool is_allowed(const arrows& picture, const std::string& folder, const std::string& included) {
  constexpr std::string_view adapters = "adapters/";
  const bool is_adapter = folder.starts_with(adapters);
  if (is_adapter && included.starts_with(adapters)) {
    const auto own = picture.find(folder.substr(adapters.size()));
    return own != picture.end() && own->second.contains(included.substr(adapters.size()));
  }
  const auto room = [&](const std::string& each) {
    return each.starts_with(adapters) ? std::string{"adapters"} : each;
  };
  return leads(picture, room(folder), room(included));
}

TEST(include_arrows, are_those_of_the_picture) {
  const arrows picture = read_picture();
  ASSERT_GT(picture.size(), 10U);
  const fs::path root{CRUDDUR_SOURCE_DIR "/backend/src"};
  const std::regex include{R"re(^\s*#include "([^"]+)")re"};
  int checked = 0;
  for (const auto& found : fs::recursive_directory_iterator{root}) {
    const fs::path file = fs::relative(found.path(), root);
    if (!found.is_regular_file() || !file.has_parent_path()) continue;
    const std::string folder = folder_of(file);
    std::ifstream text{found.path()};
    for (std::string line; std::getline(text, line);) {
      std::smatch match;
      if (!std::regex_search(line, match, include)) continue;
      const std::string included = folder_of(match[1].str());
      EXPECT_TRUE(included == folder || is_allowed(picture, folder, included))
          << file << " includes " << match[1];
      ++checked;
    }
  }
  EXPECT_GT(checked, 100);
}

TEST(include_arrows, lead_downwards_only) {
  const arrows picture = read_picture();
  for (const auto& [folder, next] : picture) {
    for (const std::string& each : next) {
      EXPECT_FALSE(leads(picture, each, folder)) << each << " leads back to " << folder;
    }
  }
  EXPECT_TRUE(is_allowed(picture, "realtime", "ports"));
  EXPECT_TRUE(is_allowed(picture, "adapters/sqlite", "adapters/sql"));
  EXPECT_FALSE(is_allowed(picture, "realtime", "api"));
  EXPECT_FALSE(is_allowed(picture, "app", "api"));
  EXPECT_FALSE(is_allowed(picture, "api", "adapters/sql"));
  EXPECT_FALSE(is_allowed(picture, "adapters/sql", "adapters/sqlite"));
  EXPECT_FALSE(is_allowed(picture, "adapters/sqlite", "adapters/postgres"));
}

// A path in a document is a promise to its reader; of a header its ending may be missing.
// docs/development.md names files that are to be made.
TEST(documents, name_paths_that_exist) {
  const fs::path root{CRUDDUR_SOURCE_DIR};
  const std::regex path{R"(`((?:[a-z_0-9.]+/)+[a-z_0-9.*-]*)`)"};
  int checked = 0;
  for (const char* document : {"docs/architecture.md", "docs/performance.md"}) {
    std::ifstream text{root / document};
    std::stringstream whole;
    whole << text.rdbuf();
    const std::string content = whole.str();
    for (std::sregex_iterator at{content.begin(), content.end(), path}, end; at != end; ++at) {
      const std::string name = (*at)[1];
      if (name.find('*') != std::string::npos) continue;
      bool exists = false;
      for (const char* base :
           {"", "backend/src", "frontend", "frontend/src", "backend", "backend/src/adapters"}) {
        exists =
            exists || fs::exists(root / base / name) || fs::exists(root / base / (name + ".hpp"));
      }
      EXPECT_TRUE(exists) << document << " names " << name;
      ++checked;
    }
  }
  EXPECT_GT(checked, 30);
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
