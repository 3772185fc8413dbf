#include "api/people.hpp"

#include "base/json_writer.hpp"
#include "domain/handle.hpp"

namespace cruddur::api {
namespace {

void append_short(std::string& out, const profile& who) {
  out += "{\"uuid\":\"";
  append_uuid(out, who.id);
  out += "\",\"handle\":";
  append_json_string(out, who.handle);
  out += ",\"display_name\":";
  append_json_string(out, who.display_name);
}

http::response profile_response(const profile& who) {
  std::string body;
  append_short(body, who);
  body += ",\"bio\":";
  append_json_string(body, who.bio);
  body += ",\"created_at\":\"";
  append_rfc3339(body, who.created_at);
  body += "\"}";
  return json_response(std::move(body));
}

}  // namespace

task<result<profile>> profile_in_path(services& with, const http::request& from) {
  if (auto handle = parse_handle(from.path_value("handle"))) {
    auto found = co_await with.profiles.find_by_handle(std::move(*handle));
    if (!found) co_return std::unexpected(std::move(found.error()));
    if (*found) co_return std::move(**found);
  }
  co_return fail(fault_kind::not_found, "user_not_found", "There is nobody with that handle.");
}

task<result<http::response>> show_profile(services& with, http::request& from, request_context) {
  const auto who = co_await profile_in_path(with, from);
  if (!who) co_return std::unexpected(who.error());
  co_return profile_response(*who);
}

task<result<http::response>> show_short_profile(services& with, http::request& from,
                                                request_context) {
  const auto who = co_await profile_in_path(with, from);
  if (!who) co_return std::unexpected(who.error());
  std::string body;
  append_short(body, *who);
  body += '}';
  co_return json_response(std::move(body));
}

task<result<http::response>> show_own_profile(services& with, http::request&,
                                              request_context context) {
  const auto who = co_await with.profiles.find(*context.viewer);
  if (!who) co_return std::unexpected(who.error());
  if (!*who) {
    co_return fail(fault_kind::forbidden, "profile_missing", "This account has no profile.");
  }
  co_return profile_response(**who);
}

}  // namespace cruddur::api
