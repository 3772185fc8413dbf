// Any bytes as text that somebody typed: what passes the rule passes it again unchanged, and its
// entities are ranges within it, in order, that a client can cut at.
#include <cstdlib>

#include <boost/json/parse.hpp>

#include "base/utf8.hpp"
#include "domain/activity.hpp"
#include "domain/entity_list.hpp"
#include "domain/profile.hpp"

using namespace cruddur;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check_kept(std::string_view typed, const text_rule& rule) {
  const auto kept = check_text(typed, rule);
  if (!kept) return;
  require(is_valid_utf8(*kept) && kept->size() <= rule.max_bytes);
  require(count_graphemes(*kept) <= rule.max_graphemes);
  require(rule.content == text_content::optional || !is_blank(*kept));
  require(check_text(*kept, rule) == kept);
}

std::size_t utf16_length(std::string_view text) {
  std::size_t length = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xc0U) != 0x80) length += byte >= 0xf0 ? 2 : 1;
  }
  return length;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view typed{reinterpret_cast<const char*>(data), size};
  check_kept(typed, {post_max_graphemes, message_max_bytes});
  check_kept(typed, display_name_rule);
  check_kept(typed, bio_rule);
  if (!is_valid_utf8(typed)) return 0;

  const auto found = find_entities(typed);
  require(found.size() <= max_entities);
  const std::size_t length = utf16_length(typed);
  std::size_t past = 0;
  for (const entity& each : found) {
    require(each.start >= past && each.end > each.start && each.end <= length);
    require(is_valid_utf8(each.value) && !each.value.empty());
    past = each.end;
  }
  const auto handles = mentioned_handles(found);
  const auto resolved = resolve_mentions(found, handles);
  boost::system::error_code error;
  const auto parsed = boost::json::parse(entities_json(resolved), error);
  require(!error && parsed.as_array().size() == found.size());
  return 0;
}
