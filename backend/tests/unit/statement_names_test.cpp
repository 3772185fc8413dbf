// A statement's name in an error or a trace leads to one place in the sources.
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>

#include <gmock/gmock.h>

namespace cruddur {
namespace {

TEST(statement_names, are_given_once) {
  std::map<std::string, std::vector<std::string>> places;
  const std::regex definition{R"(statement \w+\{\s*"(\w+)\")"};
  for (const auto& each :
       std::filesystem::recursive_directory_iterator{CRUDDUR_SOURCE_DIR "/backend/src"}) {
    if (!each.is_regular_file()) continue;
    std::ostringstream text;
    text << std::ifstream{each.path()}.rdbuf();
    const std::string source = text.str();
    for (std::sregex_iterator found{source.begin(), source.end(), definition};
         found != std::sregex_iterator{}; ++found) {
      places[(*found)[1]].push_back(each.path().filename());
    }
  }
  EXPECT_GT(places.size(), 100U) << "the pattern finds them no more";
  for (const auto& [name, files] : places) {
    EXPECT_EQ(files.size(), 1U) << name << " stands in " << testing::PrintToString(files);
  }
}

}  // namespace
}  // namespace cruddur
