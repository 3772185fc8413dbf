#include <set>
#include <thread>

#include <gtest/gtest.h>

#include "base/address_block.hpp"
#include "base/ascii.hpp"
#include "base/clock.hpp"
#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/json_writer.hpp"
#include "base/sealing.hpp"
#include "base/tally_table.hpp"
#include "base/token_buckets.hpp"
#include "base/utf8.hpp"
#include "base/uuid.hpp"

namespace cruddur {
namespace {

TEST(uuid, version7_sorts_by_time_and_then_by_birth) {
  const time_point at = from_unix_ms(1'700'000'000'000);
  uuid last = make_uuid_v7(at);
  for (int i = 0; i < 10'000; ++i) {
    const uuid next = make_uuid_v7(at);
    ASSERT_LT(last, next);
    last = next;
  }
  EXPECT_LT(last, make_uuid_v7(at + std::chrono::seconds{2}));
}

TEST(uuid, version7_carries_its_time_version_and_variant) {
  const std::string text = to_string(make_uuid_v7(from_unix_ms(0x0190'0000'0000)));
  EXPECT_EQ(text.substr(0, 15), "01900000-0000-7");
  EXPECT_NE(std::string{"89ab"}.find(text[19]), std::string::npos);
}

TEST(uuid, version7_made_for_the_past_has_the_pasts_time) {
  make_uuid_v7(from_unix_ms(0x0195'0000'0000));
  EXPECT_EQ(to_string(make_uuid_v7(from_unix_ms(0x0190'0000'0000))).substr(0, 13), "01900000-0000");
}

TEST(uuid, threads_never_make_the_same) {
  std::vector<std::vector<uuid>> made(4);
  {
    std::vector<std::jthread> threads;
    for (auto& mine : made) {
      threads.emplace_back([&mine] {
        for (int i = 0; i < 2'000; ++i) mine.push_back(make_uuid_v7(from_unix_ms(1'000)));
      });
    }
  }
  std::set<uuid> all;
  for (const auto& mine : made) all.insert(mine.begin(), mine.end());
  EXPECT_EQ(all.size(), 8'000U);
}

TEST(uuid, reads_only_the_hyphenated_form) {
  const std::string text = "0190a0b1-c2d3-7e4f-8a5b-6c7d8e9f0a1b";
  ASSERT_TRUE(parse_uuid(text));
  EXPECT_EQ(to_string(*parse_uuid(text)), text);
  EXPECT_TRUE(parse_uuid("0190A0B1-C2D3-7E4F-8A5B-6C7D8E9F0A1B"));
  EXPECT_FALSE(parse_uuid(""));
  EXPECT_FALSE(parse_uuid("0190a0b1c2d37e4f8a5b6c7d8e9f0a1b"));
  EXPECT_FALSE(parse_uuid("0190a0b1-c2d3-7e4f-8a5b-6c7d8e9f0a1g"));
  EXPECT_FALSE(parse_uuid("{190a0b1-c2d3-7e4f-8a5b-6c7d8e9f0a1b"));
}

TEST(clock, writes_rfc3339_with_milliseconds) {
  EXPECT_EQ(to_rfc3339(from_unix_ms(0)), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(to_rfc3339(from_unix_ms(1'795'334'400'007)), "2026-11-22T08:00:00.007Z");
  EXPECT_EQ(to_rfc3339(from_unix_ms(1'835'481'599'990)), "2028-02-29T23:59:59.990Z");
  EXPECT_EQ(to_rfc3339(from_unix_ms(253'402'300'799'999)), "9999-12-31T23:59:59.999Z");
}

TEST(clock, a_movable_clock_goes_forward) {
  movable_clock moved;
  const time_point before = moved.now();
  moved.advance(std::chrono::hours{1});
  EXPECT_GE(moved.now() - before, std::chrono::hours{1});
}

TEST(base64_url, has_one_spelling_for_each_value) {
  EXPECT_EQ(to_base64url("\xfb\xff\xfe"), "-__-");
  EXPECT_EQ(from_base64url("-__-"), "\xfb\xff\xfe");
  EXPECT_EQ(to_base64url("a"), "YQ");
  EXPECT_FALSE(from_base64url("YR"));  // trailing bits that say nothing
  EXPECT_FALSE(from_base64url("YQ=="));
  EXPECT_FALSE(from_base64url("Y"));
  EXPECT_FALSE(from_base64url("Y+"));
}

TEST(base64, is_padded) {
  EXPECT_EQ(to_base64("a"), "YQ==");
  EXPECT_EQ(from_base64("YWI="), "ab");
  EXPECT_FALSE(from_base64("YWI"));
}

TEST(hex, reads_either_case) {
  EXPECT_EQ(from_hex("00fFa1"), (std::string{"\x00\xff\xa1", 3}));
  EXPECT_EQ(to_hex(std::string_view{"\x00\xff", 2}), "00ff");
  EXPECT_FALSE(from_hex("0"));
  EXPECT_FALSE(from_hex("0g"));
}

TEST(digest, matches_published_vectors) {
  EXPECT_EQ(to_hex(as_view(sha256("abc"))),  // FIPS 180-4
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(as_view(hmac_sha256("Jefe", "what do ya want for nothing?"))),  // RFC 4231
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(sealing, opens_only_with_the_same_key_and_context) {
  const auto key = derive_key("a secret", "one purpose");
  const auto other_key = derive_key("a secret", "another purpose");
  const auto sealed = seal(key, "ann", "a text");
  EXPECT_EQ(unseal(key, "ann", sealed), "a text");
  EXPECT_FALSE(unseal(key, "bob", sealed));
  EXPECT_FALSE(unseal(other_key, "ann", sealed));
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    auto changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(unseal(key, "ann", changed));
    EXPECT_FALSE(unseal(key, "ann", sealed.substr(0, i)));
  }
  EXPECT_NE(seal(key, "ann", "a text"), sealed);
  EXPECT_THROW(seal("short", "ann", "a text"), std::invalid_argument);
  EXPECT_THROW(unseal("short", "ann", sealed), std::invalid_argument);
}

TEST(token_buckets, empty_and_fill_again_each_for_itself) {
  using namespace std::chrono_literals;
  const time_point start = from_unix_ms(1'795'000'000'000);
  const bucket_size size{.burst = 2, .per_minute = 6};
  token_buckets buckets;
  EXPECT_FALSE(buckets.take("ada", size, start));
  EXPECT_FALSE(buckets.take("ada", size, start));
  EXPECT_EQ(buckets.take("ada", size, start), 10s);
  EXPECT_EQ(buckets.take("ada", size, start + 1ms), 10s);  // rounded up
  EXPECT_FALSE(buckets.take("bea", size, start));
  EXPECT_FALSE(buckets.take("ada", size, start + 10s));
  EXPECT_TRUE(buckets.take("ada", size, start + 10s));
  EXPECT_TRUE(buckets.take("ada", size, start));  // a clock that goes back gives nothing
}

struct tally {
  time_point time{};
  int count = 0;
};

TEST(tally_table, keeps_what_was_counted_by_name) {
  tally_table<tally> table;
  ++table.find(table.key_of("ada"), {}).count;
  ++table.find(table.key_of("ada"), {}).count;
  EXPECT_EQ(table.find(table.key_of("ada"), {}).count, 2);
  EXPECT_EQ(table.find(table.key_of("bea"), {.time = {}, .count = 7}).count, 7);
}

TEST(tally_table, forgets_the_name_whose_time_is_longest_ago_when_it_is_full) {
  tally_table<tally> table{1};
  constexpr int names = 9;
  for (int i = 1; i <= names; ++i) {
    // All have room but the last; the second has the oldest time.
    const std::int64_t at = i == 2 ? 1 : 100 + i;
    table.find(table.key_of(std::to_string(i)), {.time = from_unix_ms(at), .count = i});
  }
  for (int i = 1; i <= names; ++i) {
    if (i == 2) continue;
    EXPECT_EQ(table.find(table.key_of(std::to_string(i)), {}).count, i);
  }
  EXPECT_EQ(table.find(table.key_of("2"), {}).count, 0);
}

TEST(json_string, is_escaped_for_json_and_java_script) {
  std::string out;
  append_json_string(out, "a\"\\\n\t\x01 \u2028\u2029 \u00e9</script>");
  EXPECT_EQ(out, "\"a\\\"\\\\\\n\\t\\u0001 \\u2028\\u2029 \u00e9</script>\"");
}

TEST(ascii, knows_its_own_letters_and_leaves_other_bytes_alone) {
  int letters = 0;
  int digits = 0;
  int hex = 0;
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    letters += ascii::is_letter(c) ? 1 : 0;
    digits += ascii::is_digit(c) ? 1 : 0;
    hex += ascii::is_hex_digit(c) ? 1 : 0;
    if (!ascii::is_letter(c)) {
      EXPECT_EQ(ascii::to_lower(c), c);
      EXPECT_EQ(ascii::to_upper(c), c);
    }
  }
  EXPECT_EQ(letters, 52);
  EXPECT_EQ(digits, 10);
  EXPECT_EQ(hex, 22);
  EXPECT_EQ(ascii::lower_case("@[AZ`{\xc3\x84"), "@[az`{\xc3\x84");
  for (int value = 0; value < 16; ++value) {
    const char digit = ascii::hex_digits[static_cast<std::size_t>(value)];
    EXPECT_EQ(ascii::hex_value(digit), value);
    EXPECT_EQ(ascii::hex_value(ascii::to_upper(digit)), value);
  }
}

TEST(utf8, is_well_formed_by_the_table_of_the_standard) {
  for (const char* good : {"", "a", "\xc2\x80", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
                           "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(is_valid_utf8(good)) << good;
  }
  for (const char* bad :
       {"\x80", "\xc1\xbf", "\xc2", "\xe0\x9f\xbf", "\xe2\x82", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "a\xc3(", "\xe2\x28\xa1"}) {
    EXPECT_FALSE(is_valid_utf8(bad));
  }
  EXPECT_EQ(utf8_sequence_length("\xf0\x9f\x98\x80x"), 4U);
  EXPECT_EQ(utf8_sequence_length(""), 0U);
}

TEST(json_object, writes_members_in_order_and_escapes_names_and_text) {
  EXPECT_EQ(json_object{}.finish(), "{}");
  EXPECT_EQ(json_array{}.finish(), "[]");
  json_array list;
  list.text("a\"b").json("1").json(json_object{}.finish());
  json_object object;
  object.text("n\name", "\xe2\x80\xa8")
      .number("number", -5)
      .boolean("yes", true)
      .json("list", list.finish());
  EXPECT_EQ(object.finish(),
            "{\"n\\name\":\"\\u2028\",\"number\":-5,\"yes\":true,\"list\":[\"a\\\"b\",1,{}]}");
}

TEST(address_block, is_read_and_written_in_one_spelling) {
  const auto text_of = [](std::string_view text) { return address_block::parse(text)->text(); };
  EXPECT_EQ(text_of("10.1.2.3/8"), "10.0.0.0/8");
  EXPECT_EQ(text_of("192.168.1.7"), "192.168.1.7");
  EXPECT_EQ(text_of("fd00:0::1/8"), "fd00::/8");
  EXPECT_EQ(text_of("::1"), "::1");
  EXPECT_EQ(text_of("0.0.0.0/0"), "0.0.0.0/0");
  for (const char* bad : {"10.0.0.0/33", "a", "10.0.0.0/", "10.0.0.0/8x", "10.0.0.0/-1", "::/129",
                          "::/", "10.0.0.0/8/8", "10.0.0", "/8", " 10.0.0.1", ""}) {
    EXPECT_FALSE(address_block::parse(bad)) << bad;
  }
}

TEST(address_block, contains_the_addresses_that_begin_like_it) {
  const auto contains = [](std::string_view block, const char* address) {
    return address_block::parse(block)->contains(boost::asio::ip::make_address(address));
  };
  EXPECT_TRUE(contains("10.0.0.0/9", "10.127.255.255"));
  EXPECT_FALSE(contains("10.0.0.0/9", "10.128.0.0"));
  EXPECT_TRUE(contains("10.0.0.0/8", "::ffff:10.1.2.3"));
  EXPECT_FALSE(contains("10.0.0.0/8", "::10.1.2.3"));
  EXPECT_TRUE(contains("192.168.1.7", "192.168.1.7"));
  EXPECT_FALSE(contains("192.168.1.7", "192.168.1.6"));
  EXPECT_TRUE(contains("2001:db8::/33", "2001:db8:7fff::1"));
  EXPECT_FALSE(contains("2001:db8::/33", "2001:db8:8000::1"));
  EXPECT_TRUE(contains("::ffff:10.0.0.0/104", "10.9.9.9"));
  EXPECT_TRUE(contains("::/0", "10.9.9.9"));
  EXPECT_TRUE(contains("0.0.0.0/0", "10.9.9.9"));
  EXPECT_FALSE(contains("0.0.0.0/0", "::1"));
}

}  // namespace
}  // namespace cruddur
