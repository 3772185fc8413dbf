#include "domain/text.hpp"

#include <gtest/gtest.h>

#include "domain/activity.hpp"
#include "domain/message.hpp"

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

TEST(tidy_text, trims_unicode_white_space_and_unifies_line_ends) {
  EXPECT_EQ(tidy_text("\ufeff\u00a0\u3000 hi \n\t"), "hi");
  EXPECT_EQ(tidy_text("a\r\nb\rc\nd"), "a\nb\nc\nd");
  EXPECT_EQ(tidy_text(" \n "), "");
}

TEST(tidy_text, refuses_control_characters_and_bad_utf8) {
  EXPECT_EQ(tidy_text(std::string_view{"a\0b", 3}), std::nullopt);
  EXPECT_EQ(tidy_text("a\x1b[31m"), std::nullopt);
  EXPECT_EQ(tidy_text("a\u0085b"), std::nullopt);
  EXPECT_EQ(tidy_text("\xff"), std::nullopt);
  EXPECT_EQ(tidy_text("\xed\xa0\x80"), std::nullopt);  // a lone surrogate
  EXPECT_EQ(tidy_text("\xc0\x80"), std::nullopt);      // an overlong NUL
  EXPECT_EQ(tidy_line("two\nlines"), std::nullopt);
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

TEST(check_message, bounds_bytes_where_graphemes_do_not) {
  std::string text = "a";
  while (text.size() <= message_max_bytes) text += "\u0301";
  const auto checked = check_message(text, post_max_graphemes);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().codes, std::vector<std::string>{"message_exceed_max_chars"});
}

}  // namespace
}  // namespace cruddur
