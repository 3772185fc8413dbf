#include "domain/entity.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cruddur {
namespace {

std::vector<std::string> found_in(std::string_view text) {
  std::vector<std::string> out;
  for (const entity& each : find_entities(text)) {
    const char* kind = each.kind == entity_kind::mention ? "@"
                       : each.kind == entity_kind::tag   ? "#"
                                                         : "";
    out.push_back(fmt::format("{}{} {}-{}", kind, each.value, each.start, each.end));
  }
  return out;
}

using testing::ElementsAre;
using testing::IsEmpty;

TEST(entities, mentions_are_found_in_lower_case) {
  EXPECT_THAT(found_in("hi @Night_Owl, hi"), ElementsAre("@night_owl 3-13"));
  EXPECT_THAT(found_in("@a1"), ElementsAre("@a1 0-3"));
  EXPECT_THAT(found_in("(@ab)"), ElementsAre("@ab 1-4"));
}

TEST(entities, an_address_or_a_half_handle_is_no_mention) {
  EXPECT_THAT(found_in("mail me@example.org"), IsEmpty());
  EXPECT_THAT(found_in("@a"), IsEmpty());
  EXPECT_THAT(found_in("@@ab"), IsEmpty());
  EXPECT_THAT(found_in("@stra\u00dfe"), IsEmpty());
  EXPECT_THAT(found_in("@" + std::string(31, 'a')), IsEmpty());
}

TEST(entities, tags_hold_letters_of_any_script) {
  EXPECT_THAT(found_in("#Gar\u00c7on!"), ElementsAre("#gar\u00e7on 0-7"));
  EXPECT_THAT(found_in("#\u65e5\u672c\u8a9e"), ElementsAre("#\u65e5\u672c\u8a9e 0-4"));
  EXPECT_THAT(found_in("#2026 is no tag, #v2 is"), ElementsAre("#v2 17-20"));
  EXPECT_THAT(found_in("# a"), IsEmpty());
  EXPECT_THAT(found_in("#" + std::string(51, 'a')), IsEmpty());
}

TEST(entities, ranges_count_utf16) {
  EXPECT_THAT(found_in("\U0001F600 @ab"), ElementsAre("@ab 3-6"));
  EXPECT_THAT(found_in("\u00e9 #ab"), ElementsAre("#ab 2-5"));
}

TEST(entities, links_end_before_closing_punctuation) {
  EXPECT_THAT(found_in("see https://example.org/a_(b)."),
              ElementsAre("https://example.org/a_(b) 4-29"));
  EXPECT_THAT(found_in("(HTTP://Example.org/x?y=1#z)"),
              ElementsAre("http://Example.org/x?y=1#z 1-27"));
  EXPECT_THAT(found_in("https://example.org/@someone #tag"),
              ElementsAre("https://example.org/@someone 0-28", "#tag 29-33"));
}

TEST(entities, only_web_addresses_are_links) {
  EXPECT_THAT(found_in("javascript:alert(1)"), IsEmpty());
  EXPECT_THAT(found_in("https://"), IsEmpty());
  EXPECT_THAT(found_in("xhttps://example.org"), IsEmpty());
  EXPECT_THAT(found_in("https://a\"onmouseover=x"), ElementsAre("https://a 0-9"));
  EXPECT_THAT(found_in("https://a<script>"), ElementsAre("https://a 0-9"));
}

TEST(entities, are_bounded) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += "@ab ";
  EXPECT_EQ(find_entities(text).size(), max_entities);
}

}  // namespace
}  // namespace cruddur
