#include "api/activity_json.hpp"

#include "base/json_writer.hpp"

namespace cruddur::api {
namespace {

void append_optional_uuid(std::string& out, const std::optional<uuid>& id) {
  if (!id) {
    out += "null";
    return;
  }
  out += '"';
  append_uuid(out, *id);
  out += '"';
}

// Of a tombstone nobody is told.
void append_author(std::string& out, const activity& shown) {
  if (shown.deleted) {
    out += "null";
    return;
  }
  out += "{\"uuid\":\"";
  append_uuid(out, shown.author);
  out += "\",\"handle\":";
  append_json_string(out, shown.handle);
  out += ",\"display_name\":";
  append_json_string(out, shown.display_name);
  out += ",\"avatar\":null}";
}

}  // namespace

void append_counts(std::string& out, const activity_counts& counts) {
  out += "\"likes_count\":";
  append_number(out, counts.likes);
  out += ",\"replies_count\":";
  append_number(out, counts.replies);
}

activity_places append_activity(std::string& out, const activity& shown) {
  const std::size_t start = out.size();
  out += "{\"uuid\":\"";
  append_uuid(out, shown.id);
  out += "\",\"author\":";
  append_author(out, shown);
  out += ",\"message\":";
  append_json_string(out, shown.message);
  out += ",\"entities\":";
  out += shown.entities;
  out += ",\"media\":[],\"created_at\":\"";
  append_rfc3339(out, shown.created_at);
  out += "\",\"expires_at\":\"";
  append_rfc3339(out, shown.expires_at);
  out += "\",";
  activity_places places{.counts = out.size() - start, .counts_length = 0, .liked = 0};
  append_counts(out, shown.counts);
  places.counts_length = out.size() - start - places.counts;
  out += ",\"reply_to_activity_uuid\":";
  append_optional_uuid(out, shown.reply_to);
  out += ",\"root_activity_uuid\":";
  append_optional_uuid(out, shown.root);
  out += ",\"deleted\":";
  out += shown.deleted ? "true" : "false";
  out += ",\"viewer\":{\"liked\":";
  places.liked = out.size() - start;
  out += shown.liked ? liked_true : liked_false;
  out += "}}";
  return places;
}

void append_list_end(std::string& out, const std::string& next_cursor) {
  out += "],\"next_cursor\":";
  if (next_cursor.empty()) {
    out += "null}";
    return;
  }
  out += '"';
  out += next_cursor;
  out += "\"}";
}

void append_activity_list(std::string& out, const page<activity>& shown, list_kind list) {
  out += "{\"data\":[";
  for (std::size_t i = 0; i < shown.rows.size(); ++i) {
    if (i > 0) out += ',';
    append_activity(out, shown.rows[i]);
  }
  append_list_end(out, shown.more ? make_cursor(list, shown.rows.back().id) : std::string{});
}

}  // namespace cruddur::api
