#include "api/activities.hpp"

#include "api/activity_json.hpp"
#include "api/input.hpp"
#include "api/people.hpp"
#include "base/json_writer.hpp"

namespace cruddur::api {
namespace {

result<draft> read_draft(const http::request& from, const boost::json::object& body) {
  auto message = text_member(body, "message");
  if (!message) return std::unexpected(std::move(message.error()));
  auto key = idempotency_key(from);
  if (!key) return std::unexpected(std::move(key.error()));
  return draft{std::move(*message), *key};
}

http::response published_response(const published& from) {
  std::string body;
  append_activity(body, from.what);
  return json_response(std::move(body), from.repeated ? 200 : 201);
}

http::response like_response(uuid id, const like_state& state) {
  std::string body = "{\"uuid\":\"";
  append_uuid(body, id);
  body +=
      state.liked ? "\",\"liked\":true,\"likes_count\":" : "\",\"liked\":false,\"likes_count\":";
  append_number(body, state.likes_count);
  body += '}';
  return json_response(std::move(body));
}

task<result<http::response>> set_like(services& with, const http::request& from,
                                      request_context context, bool liked) {
  const auto id = activity_id(from);
  if (!id) co_return std::unexpected(id.error());
  const auto state = co_await with.like.set(context, *id, liked);
  if (!state) co_return std::unexpected(state.error());
  co_return like_response(*id, *state);
}

}  // namespace

task<result<http::response>> list_home(services& with, http::request& from,
                                       request_context context) {
  const auto page = page_of(from, list_kind::roots);
  if (!page) co_return std::unexpected(page.error());
  auto found = co_await with.home.page(context, *page);
  if (!found) co_return std::unexpected(std::move(found.error()));
  http::response out;
  out.content_type = http::json_type;
  out.body = std::move(found->body);
  out.headers.emplace_back("etag", std::move(found->etag));
  out.headers.emplace_back("cache-control", "private, no-cache");
  co_return out;
}

task<result<http::response>> list_by_author(services& with, http::request& from,
                                            request_context context) {
  auto page = page_of(from, list_kind::roots);
  if (!page) co_return std::unexpected(std::move(page.error()));
  const auto author = co_await profile_in_path(with, from);
  if (!author) co_return std::unexpected(author.error());
  const std::size_t limit = page->limit++;
  const auto rows =
      co_await with.activities.by_author(author->id, *page, context.viewer, context.now);
  if (!rows) co_return std::unexpected(rows.error());
  std::string body;
  append_activity_list(body, *rows, limit, list_kind::roots);
  co_return json_response(std::move(body));
}

task<result<http::response>> create_activity(services& with, http::request& from,
                                             request_context context) {
  const auto body = json_body(from);
  if (!body) co_return std::unexpected(body.error());
  auto what = read_draft(from, *body);
  if (!what) co_return std::unexpected(std::move(what.error()));
  auto ttl = text_member(*body, "ttl");
  if (!ttl) co_return std::unexpected(std::move(ttl.error()));
  const auto posted = co_await with.posts.post(context, std::move(*what), std::move(*ttl));
  if (!posted) co_return std::unexpected(posted.error());
  co_return published_response(*posted);
}

task<result<http::response>> create_reply(services& with, http::request& from,
                                          request_context context) {
  const auto parent = activity_id(from);
  if (!parent) co_return std::unexpected(parent.error());
  const auto body = json_body(from);
  if (!body) co_return std::unexpected(body.error());
  auto what = read_draft(from, *body);
  if (!what) co_return std::unexpected(std::move(what.error()));
  const auto posted = co_await with.posts.reply(context, std::move(*what), *parent);
  if (!posted) co_return std::unexpected(posted.error());
  co_return published_response(*posted);
}

task<result<http::response>> delete_activity(services& with, http::request& from,
                                             request_context context) {
  const auto id = activity_id(from);
  if (!id) co_return std::unexpected(id.error());
  const auto removed = co_await with.posts.remove(context, *id);
  if (!removed) co_return std::unexpected(removed.error());
  http::response out;
  out.status = 204;
  co_return out;
}

task<result<http::response>> like_activity(services& with, http::request& from,
                                           request_context context) {
  return set_like(with, from, context, true);
}

task<result<http::response>> unlike_activity(services& with, http::request& from,
                                             request_context context) {
  return set_like(with, from, context, false);
}

task<result<http::response>> toggle_like(services& with, http::request& from,
                                         request_context context) {
  const auto id = activity_id(from);
  if (!id) co_return std::unexpected(id.error());
  const auto state = co_await with.like.toggle(context, *id);
  if (!state) co_return std::unexpected(state.error());
  co_return like_response(*id, *state);
}

}  // namespace cruddur::api
