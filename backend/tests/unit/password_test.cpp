#include "domain/password.hpp"

#include <fstream>
#include <iterator>
#include <vector>

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

namespace cruddur {
namespace {

TEST(passwords, have_one_spelling_whatever_they_were_typed_on) {
  EXPECT_EQ(normalise_password("a\u0308\u00a0b\u3000c"), "\u00e4 b c");
  EXPECT_EQ(normalise_password("\uff41"), "\uff41");  // width is kept
  EXPECT_EQ(normalise_password(" Plain "), " Plain ");
  EXPECT_EQ(normalise_password("\xff"), "\xff");
}

std::string_view name_of(std::optional<password_fault> fault) {
  if (!fault) return "fine";
  switch (*fault) {
    case password_fault::too_short:
      return "short";
    case password_fault::too_long:
      return "long";
    case password_fault::too_easy:
      return "easy";
  }
  return "";
}

TEST(passwords, are_judged_on_every_shared_example_as_the_client_does) {
  std::ifstream file{CRUDDUR_SOURCE_DIR "/api/vectors/passwords.json"};
  const std::string json{std::istreambuf_iterator<char>{file}, {}};
  const auto examples = boost::json::parse(json);
  ASSERT_GT(examples.as_array().size(), 50U);
  for (const auto& each : examples.as_array()) {
    std::vector<std::string_view> own;
    for (const auto& name : each.at("own").as_array()) own.emplace_back(name.as_string());
    const std::string_view password = each.at("password").as_string();
    const auto& fault = each.at("fault");
    EXPECT_EQ(name_of(check_password(password, own)),
              fault.is_null() ? std::string_view{"fine"} : std::string_view{fault.as_string()})
        << password;
  }
}

}  // namespace
}  // namespace cruddur
