#include "domain/entity_list.hpp"

#include <algorithm>

#include "base/json_writer.hpp"
#include "domain/handle.hpp"

namespace cruddur {
namespace {

std::string_view name_of(entity_kind kind) {
  switch (kind) {
    case entity_kind::mention:
      return "mention";
    case entity_kind::tag:
      return "tag";
    case entity_kind::link:
      return "link";
  }
  return "";
}

}  // namespace

std::vector<std::string> mentioned_handles(std::span<const entity> entities) {
  std::vector<std::string> handles;
  for (const entity& each : entities) {
    if (each.kind != entity_kind::mention) continue;
    handles.push_back(each.value);
    const auto last = each.value.find_last_not_of('_');
    if (last == std::string::npos || last + 1 == each.value.size()) continue;
    if (last + 1 >= handle_min_length) handles.push_back(each.value.substr(0, last + 1));
  }
  std::ranges::sort(handles);
  const auto repeated = std::ranges::unique(handles);
  handles.erase(repeated.begin(), repeated.end());
  return handles;
}

std::vector<entity> resolve_mentions(std::vector<entity> entities,
                                     std::span<const std::string> existing) {
  const auto exists = [existing](std::string_view handle) {
    return std::ranges::find(existing, handle) != existing.end();
  };
  std::erase_if(entities, [&exists](entity& each) {
    if (each.kind != entity_kind::mention || exists(each.value)) return false;
    const auto last = each.value.find_last_not_of('_');
    const std::string bare = each.value.substr(0, last == std::string::npos ? 0 : last + 1);
    if (!exists(bare)) return true;
    each.end -= static_cast<std::uint32_t>(each.value.size() - bare.size());
    each.value = bare;
    return false;
  });
  return entities;
}

std::string entities_json(std::span<const entity> entities) {
  std::string out = "[";
  for (const entity& each : entities) {
    out += out.size() == 1 ? "{\"type\":\"" : ",{\"type\":\"";
    out += name_of(each.kind);
    out += "\",\"start\":";
    append_number(out, each.start);
    out += ",\"end\":";
    append_number(out, each.end);
    out += ",\"value\":";
    append_json_string(out, each.value);
    out += '}';
  }
  out += ']';
  return out;
}

}  // namespace cruddur
