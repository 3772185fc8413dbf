#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/entity_list.hpp"

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

TEST(entities, links_end_where_a_sentence_does_in_any_script) {
  const std::string ja = "\u3053\u308c\u306f ";
  EXPECT_THAT(found_in(ja + "https://example.com/a\u3002\u6b21"),
              ElementsAre("https://example.com/a 4-25"));
  EXPECT_THAT(found_in("\u898bhttps://example.com/a\u3001\u305d"),
              ElementsAre("https://example.com/a 1-22"));
  for (const std::string closing :
       {"\u300d", "\uff09", "\u201d", "\u00bb", "\u2019", "\uff01", "\uff1f", "\u061f", "\u060c",
        "\u0964", "\u06d4", "\u104b", "\u1362", "\u2026", "...", "!?", "\")", "**", "\u2014"}) {
    EXPECT_THAT(found_in("https://example.com/a" + closing),
                ElementsAre("https://example.com/a 0-21"))
        << closing;
  }
  EXPECT_THAT(found_in("https://example.com/\u6771\u4eac"),
              ElementsAre("https://example.com/\u6771\u4eac 0-22"));
}

TEST(entities, links_keep_the_brackets_that_they_open) {
  EXPECT_THAT(found_in("https://example.com/a_(b)_(c)"),
              ElementsAre("https://example.com/a_(b)_(c) 0-29"));
  EXPECT_THAT(found_in("[x](https://example.com/a)"), ElementsAre("https://example.com/a 4-25"));
  EXPECT_THAT(found_in("https://example.com/a[1]"), ElementsAre("https://example.com/a[1] 0-24"));
  EXPECT_THAT(found_in("https://example.com/a]("), ElementsAre("https://example.com/a 0-21"));
}

TEST(entities, host_names_are_links_without_a_scheme) {
  EXPECT_THAT(found_in("see example.com/x."), ElementsAre("https://example.com/x 4-17"));
  EXPECT_THAT(found_in("(www.example.org)"), ElementsAre("https://www.example.org 1-16"));
  EXPECT_THAT(found_in("bbc.co.uk, heise.de"),
              ElementsAre("https://bbc.co.uk 0-9", "https://heise.de 11-19"));
  EXPECT_THAT(found_in("Example.com:8080/a?b#c"),
              ElementsAre("https://Example.com:8080/a?b#c 0-22"));
  EXPECT_THAT(found_in("docs.rs/serde"), ElementsAre("https://docs.rs/serde 0-13"));
  EXPECT_THAT(found_in("youtu.be/x?t=1"), ElementsAre("https://youtu.be/x?t=1 0-14"));
}

TEST(entities, dots_alone_make_no_link) {
  for (const char* text : {"e.g. this",
                           "i.e.",
                           "file.txt",
                           "1.2.3",
                           "v1.2.3",
                           "10.0.0.1",
                           "node.js",
                           "README.md",
                           "main.rs",
                           "docs/README.md",
                           "script.sh",
                           "console.info",
                           "well.So what",
                           "is.it",
                           "a.m.",
                           "U.S.A.",
                           "Ph.D.",
                           "me@example.com",
                           "first.last@example.com",
                           "foo.com@example.com",
                           "a..com",
                           ".com",
                           "-a.com",
                           "a-.com",
                           "example.comx",
                           "x_example.com",
                           "...",
                           "3.50"}) {
    EXPECT_THAT(found_in(text), IsEmpty()) << text;
  }
}

TEST(entities, tags_hold_joiners_and_middle_dots_between_letters) {
  EXPECT_THAT(found_in("#\u0646\u0631\u0645\u200c\u0627\u0641"),
              ElementsAre("#\u0646\u0631\u0645\u200c\u0627\u0641 0-7"));
  EXPECT_THAT(found_in("#col\u00b7lecci\u00f3"), ElementsAre("#col\u00b7lecci\u00f3 0-11"));
  EXPECT_THAT(found_in("#tea\u00b7 #a\u200d"), ElementsAre("#tea 0-4", "#a 6-8"));
  EXPECT_THAT(found_in("\uff03tea"), ElementsAre("#tea 0-4"));
  EXPECT_THAT(found_in("\u8336#\u8336"), ElementsAre("#\u8336 1-3"));
  EXPECT_THAT(found_in("#cafe\u0301"), ElementsAre("#caf\u00e9 0-6"));
}

TEST(entities, signs_and_digits_make_no_tag) {
  for (const char* text :
       {"#\ufe0f\u20e3", "#\u0661\u0662", "#2026", "#_", "#1_2", "&#39;", "a#b"}) {
    EXPECT_THAT(found_in(text), IsEmpty()) << text;
  }
}

TEST(entities, people_elsewhere_are_nobody_here) {
  EXPECT_THAT(found_in("@ada@elsewhere.example"), IsEmpty());
  EXPECT_THAT(found_in("@ada.bsky.social"), IsEmpty());
  EXPECT_THAT(found_in("@ada. @bob, @cy: \u300c@dee\u300d\u3055@eve\u3055"),
              ElementsAre("@ada 0-4", "@bob 6-10", "@cy 12-15", "@dee 18-22", "@eve 24-28"));
}

TEST(entities, mentions_are_of_people_there_are) {
  const auto found = find_entities("@ada_ @bob__ @cy_ @_");
  EXPECT_THAT(mentioned_handles(found), ElementsAre("ada", "ada_", "bob", "bob__", "cy", "cy_"));
  const std::vector<std::string> existing{"ada", "cy", "cy_"};
  EXPECT_EQ(entities_json(resolve_mentions(found, existing)),
            R"([{"type":"mention","start":0,"end":4,"value":"ada"},)"
            R"({"type":"mention","start":13,"end":17,"value":"cy_"}])");
}

TEST(entities, are_bounded) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += "@ab ";
  EXPECT_EQ(find_entities(text).size(), max_entities);
}

}  // namespace
}  // namespace cruddur
