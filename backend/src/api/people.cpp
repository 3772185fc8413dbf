#include "api/people.hpp"

#include "base/json_writer.hpp"
#include "domain/handle.hpp"

namespace cruddur::api {
namespace {

json_object short_profile(const profile& shown) {
  json_object out;
  out.text("uuid", to_string(shown.id))
      .text("handle", shown.handle)
      .text("display_name", shown.display_name);
  return out;
}

http::response profile_response(const profile& shown) {
  std::string created_at;
  append_rfc3339(created_at, shown.created_at);
  return json_response(
      short_profile(shown).text("bio", shown.bio).text("created_at", created_at).finish());
}

}  // namespace

task<result<profile>> profile_in_path(services& services, const http::request& request) {
  if (auto handle = parse_handle(request.path_value("handle"))) {
    auto found = co_await services.profiles.find_by_handle(std::move(*handle));
    if (!found) co_return std::unexpected(std::move(found.error()));
    if (*found) co_return std::move(**found);
  }
  co_return fail(fault_kind::not_found, "user_not_found", "There is nobody with that handle.");
}

task<result<http::response>> show_profile(services& services, http::request& request,
                                          request_context) {
  const auto person = co_await profile_in_path(services, request);
  if (!person) co_return std::unexpected(person.error());
  co_return profile_response(*person);
}

task<result<http::response>> show_short_profile(services& services, http::request& request,
                                                request_context) {
  const auto person = co_await profile_in_path(services, request);
  if (!person) co_return std::unexpected(person.error());
  co_return json_response(short_profile(*person).finish());
}

task<result<http::response>> show_own_profile(services& services, http::request&,
                                              request_context context) {
  const auto person = co_await services.profiles.find(*context.viewer);
  if (!person) co_return std::unexpected(person.error());
  if (!*person) {
    co_return fail(fault_kind::forbidden, "profile_missing", "This account has no profile.");
  }
  co_return profile_response(**person);
}

}  // namespace cruddur::api
