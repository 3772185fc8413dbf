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

TEST(Entities, MentionsAreFoundInLowerCase) {
  EXPECT_THAT(found_in("hi @Night_Owl, hi"), ElementsAre("@night_owl 3-13"));
  EXPECT_THAT(found_in("@a1"), ElementsAre("@a1 0-3"));
  EXPECT_THAT(found_in("(@ab)"), ElementsAre("@ab 1-4"));
}

TEST(Entities, AnAddressOrAHalfHandleIsNoMention) {
  EXPECT_THAT(found_in("mail me@example.org"), IsEmpty());
  EXPECT_THAT(found_in("@a"), IsEmpty());
  EXPECT_THAT(found_in("@@ab"), IsEmpty());
  EXPECT_THAT(found_in("@stra\u00dfe"), IsEmpty());
  EXPECT_THAT(found_in("@" + std::string(31, 'a')), IsEmpty());
}

TEST(Entities, TagsHoldLettersOfAnyScript) {
  EXPECT_THAT(found_in("#Gar\u00c7on!"), ElementsAre("#gar\u00e7on 0-7"));
  EXPECT_THAT(found_in("#\u65e5\u672c\u8a9e"), ElementsAre("#\u65e5\u672c\u8a9e 0-4"));
  EXPECT_THAT(found_in("#2026 is no tag, #v2 is"), ElementsAre("#v2 17-20"));
  EXPECT_THAT(found_in("# a"), IsEmpty());
  EXPECT_THAT(found_in("#" + std::string(51, 'a')), IsEmpty());
}

TEST(Entities, RangesCountUtf16) {
  EXPECT_THAT(found_in("\U0001F600 @ab"), ElementsAre("@ab 3-6"));
  EXPECT_THAT(found_in("\u00e9 #ab"), ElementsAre("#ab 2-5"));
}

TEST(Entities, LinksEndBeforeClosingPunctuation) {
  EXPECT_THAT(found_in("see https://example.org/a_(b)."),
              ElementsAre("https://example.org/a_(b) 4-29"));
  EXPECT_THAT(found_in("(HTTP://Example.org/x?y=1#z)"),
              ElementsAre("http://Example.org/x?y=1#z 1-27"));
  EXPECT_THAT(found_in("https://example.org/@someone #tag"),
              ElementsAre("https://example.org/@someone 0-28", "#tag 29-33"));
}

TEST(Entities, OnlyWebAddressesAreLinks) {
  EXPECT_THAT(found_in("javascript:alert(1)"), IsEmpty());
  EXPECT_THAT(found_in("https://"), IsEmpty());
  EXPECT_THAT(found_in("xhttps://example.org"), IsEmpty());
  EXPECT_THAT(found_in("https://a\"onmouseover=x"), ElementsAre("https://a 0-9"));
  EXPECT_THAT(found_in("https://a<script>"), ElementsAre("https://a 0-9"));
}

TEST(Entities, AreBounded) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += "@ab ";
  EXPECT_EQ(find_entities(text).size(), max_entities);
}

}  // namespace
}  // namespace cruddur
