#include "domain/text.hpp"

#include <fstream>
#include <iterator>

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include "domain/activity.hpp"
#include "domain/message.hpp"
#include "domain/profile.hpp"

namespace cruddur {
namespace {

TEST(graphemes, are_what_a_reader_sees_as_one_character) {
  EXPECT_EQ(count_graphemes(""), 0U);
  EXPECT_EQ(count_graphemes("plain"), 5U);
  EXPECT_EQ(count_graphemes("a\r\nb"), 3U);
  EXPECT_EQ(count_graphemes("e\u0301"), 1U);                                     // combining accent
  EXPECT_EQ(count_graphemes("\U0001F468\u200D\U0001F469\u200D\U0001F467"), 1U);  // a family
  EXPECT_EQ(count_graphemes("\U0001F1E9\U0001F1EA\U0001F1EB\U0001F1F7"), 2U);    // two flags
  EXPECT_EQ(count_graphemes("\u1112\u1161\u11ab"), 1U);                          // Hangul jamo
}

TEST(graphemes, join_conjuncts_of_all_scripts_that_have_them) {
  EXPECT_EQ(count_graphemes("\u0915\u094d\u0937\u093f"), 1U);  // Devanagari
  EXPECT_EQ(count_graphemes("\u1019\u1039\u1019"), 1U);        // Burmese
  EXPECT_EQ(count_graphemes("\u1780\u17d2\u1798"), 1U);        // Khmer
  EXPECT_EQ(count_graphemes("\u0915\u094d\u200c\u0937"), 2U);  // held apart
}

TEST(graphemes, of_a_character_with_many_marks_are_one) {
  std::string text = "a";
  for (int i = 0; i < 280; ++i) text += "\u0301";
  EXPECT_EQ(count_graphemes(text), 1U);
}

constexpr text_rule message_rule{post_max_graphemes, message_max_bytes};

TEST(check_text, trims_unicode_white_space_and_unifies_line_ends) {
  EXPECT_EQ(check_text("\ufeff\u00a0\u3000 hi \n\t", message_rule), "hi");
  EXPECT_EQ(check_text("a\r\nb\rc\nd", message_rule), "a\nb\nc\nd");
  EXPECT_EQ(check_text(" \n ", bio_rule), "");
}

TEST(check_text, refuses_bad_utf8) {
  for (const std::string_view text : {"\xff", "a\xed\xa0\x80", "\xc0\x80", "\xf4\x90\x80\x80"}) {
    const auto checked = check_text(text, message_rule);
    ASSERT_FALSE(checked) << text;
    EXPECT_EQ(checked.error(), text_fault::invalid);
  }
}

const char* name_of(text_fault why) {
  switch (why) {
    case text_fault::invalid:
      return "invalid";
    case text_fault::blank:
      return "blank";
    case text_fault::too_long:
      return "long";
    case text_fault::marks:
      return "marks";
    case text_fault::directions:
      return "directions";
  }
  return "";
}

const text_rule& rule_for(std::string_view use) {
  if (use == "name") return display_name_rule;
  return use == "bio" ? bio_rule : message_rule;
}

TEST(check_text, rules_on_every_shared_example_as_the_client_does) {
  std::ifstream file{CRUDDUR_SOURCE_DIR "/api/vectors/text.json"};
  const std::string json{std::istreambuf_iterator<char>{file}, {}};
  const auto examples = boost::json::parse(json);
  ASSERT_GT(examples.as_array().size(), 150U);
  for (const auto& each : examples.as_array()) {
    const std::string_view use = each.at("use").as_string();
    const auto checked = check_text(each.at("text").as_string(), rule_for(use));
    const auto& fault = each.at("fault");
    EXPECT_EQ(std::string_view{checked ? "fine" : name_of(checked.error())},
              fault.is_null() ? std::string_view{"fine"} : std::string_view{fault.as_string()})
        << each.at("what").as_string() << " as " << use;
  }
}

TEST(check_message, counts_after_trimming) {
  const std::string longest(post_max_graphemes, 'x');
  EXPECT_EQ(check_message("  " + longest + "\n", post_max_graphemes), longest);
  const auto over = check_message(longest + "x", post_max_graphemes);
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error().codes, std::vector<std::string>{"message_exceed_max_chars"});
  EXPECT_EQ(over.error().field, "message");
}

TEST(check_message, refuses_what_nobody_can_see) {
  for (const char* text : {"", "   ", "\n\t", "\u200b\u200d", "\u00ad \ufeff"}) {
    const auto checked = check_message(text, post_max_graphemes);
    ASSERT_FALSE(checked) << text;
    EXPECT_EQ(checked.error().codes, std::vector<std::string>{"message_blank"});
  }
}

TEST(check_message, names_what_is_wrong_by_a_code) {
  const auto code_of = [](std::string_view text) {
    const auto checked = check_message(text, post_max_graphemes);
    return checked ? std::string{} : checked.error().codes.front();
  };
  EXPECT_EQ(code_of("\u2800"), "message_blank");
  EXPECT_EQ(code_of("a\x07"), "message_invalid");
  EXPECT_EQ(code_of("\u202egnp.exe"), "message_directions_open");
  std::string piled = "a";
  for (int i = 0; i < 30; ++i) piled += "\u0301";
  EXPECT_EQ(code_of(piled), "message_exceed_max_marks");
}

TEST(check_message, bounds_bytes_where_graphemes_do_not) {
  std::string text = "a";
  while (text.size() <= message_max_bytes) text += "\u0301";
  const auto checked = check_message(text, post_max_graphemes);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().codes, std::vector<std::string>{"message_exceed_max_chars"});
}

}  // namespace
}  // namespace cruddur
