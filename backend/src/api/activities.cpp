#include "api/activities.hpp"

#include "api/activity_json.hpp"
#include "api/input.hpp"
#include "api/people.hpp"
#include "base/json_writer.hpp"

namespace cruddur::api {
namespace {

struct post_input {
  draft written;
  std::string ttl;
};

struct reply_input {
  uuid parent;
  draft written;
};

result<draft> read_draft(const http::request& request, const boost::json::object& body) {
  auto message = text_member(body, "message");
  if (!message) return std::unexpected(std::move(message.error()));
  auto key = idempotency_key(request);
  if (!key) return std::unexpected(std::move(key.error()));
  return draft{std::move(*message), *key};
}

result<post_input> read_post(const http::request& request) {
  const auto body = json_body(request);
  if (!body) return std::unexpected(body.error());
  auto written = read_draft(request, *body);
  if (!written) return std::unexpected(std::move(written.error()));
  auto ttl = text_member(*body, "ttl");
  if (!ttl) return std::unexpected(std::move(ttl.error()));
  return post_input{std::move(*written), std::move(*ttl)};
}

result<reply_input> read_reply(const http::request& request) {
  const auto parent = activity_id(request);
  if (!parent) return std::unexpected(parent.error());
  const auto body = json_body(request);
  if (!body) return std::unexpected(body.error());
  auto written = read_draft(request, *body);
  if (!written) return std::unexpected(std::move(written.error()));
  return reply_input{*parent, std::move(*written)};
}

http::response published_response(const published& outcome) {
  std::string body;
  append_activity(body, outcome.made);
  return json_response(std::move(body), outcome.repeated ? 200 : 201);
}

http::response like_response(uuid id, const like_state& state) {
  return json_response(json_object{}
                           .text("uuid", to_string(id))
                           .boolean("liked", state.liked)
                           .number("likes_count", state.likes_count)
                           .finish());
}

task<result<http::response>> set_like(services& services, const http::request& request,
                                      request_context context, bool is_liked) {
  const auto id = activity_id(request);
  if (!id) co_return std::unexpected(id.error());
  const auto state = co_await services.likes.set(context, *id, is_liked);
  if (!state) co_return std::unexpected(state.error());
  co_return like_response(*id, *state);
}

}  // namespace

task<result<http::response>> list_home(services& services, http::request& request,
                                       request_context context) {
  const auto wanted = page_of(request, list_kind::roots);
  if (!wanted) co_return std::unexpected(wanted.error());
  auto found = co_await services.home.read(context, *wanted);
  if (!found) co_return std::unexpected(std::move(found.error()));
  http::response out;
  out.content_type = http::json_type;
  out.body = std::move(found->body);
  out.headers.emplace_back("etag", std::move(found->etag));
  out.headers.emplace_back("cache-control", "private, no-cache");
  co_return out;
}

task<result<http::response>> list_by_author(services& services, http::request& request,
                                            request_context context) {
  const auto wanted = page_of(request, list_kind::roots);
  if (!wanted) co_return std::unexpected(wanted.error());
  const auto author = co_await profile_in_path(services, request);
  if (!author) co_return std::unexpected(author.error());
  const auto found = co_await services.timelines.by_author(context, author->id, *wanted);
  if (!found) co_return std::unexpected(found.error());
  std::string body;
  append_activity_list(body, *found, list_kind::roots);
  co_return json_response(std::move(body));
}

task<result<http::response>> create_activity(services& services, http::request& request,
                                             request_context context) {
  auto input = read_post(request);
  if (!input) co_return std::unexpected(std::move(input.error()));
  const auto outcome =
      co_await services.writer.post(context, std::move(input->written), std::move(input->ttl));
  if (!outcome) co_return std::unexpected(outcome.error());
  co_return published_response(*outcome);
}

task<result<http::response>> create_reply(services& services, http::request& request,
                                          request_context context) {
  auto input = read_reply(request);
  if (!input) co_return std::unexpected(std::move(input.error()));
  const auto outcome =
      co_await services.writer.reply(context, std::move(input->written), input->parent);
  if (!outcome) co_return std::unexpected(outcome.error());
  co_return published_response(*outcome);
}

task<result<http::response>> delete_activity(services& services, http::request& request,
                                             request_context context) {
  const auto id = activity_id(request);
  if (!id) co_return std::unexpected(id.error());
  const auto removed = co_await services.writer.remove(context, *id);
  if (!removed) co_return std::unexpected(removed.error());
  http::response out;
  out.status = 204;
  co_return out;
}

task<result<http::response>> like_activity(services& services, http::request& request,
                                           request_context context) {
  return set_like(services, request, context, true);
}

task<result<http::response>> unlike_activity(services& services, http::request& request,
                                             request_context context) {
  return set_like(services, request, context, false);
}

task<result<http::response>> toggle_like(services& services, http::request& request,
                                         request_context context) {
  const auto id = activity_id(request);
  if (!id) co_return std::unexpected(id.error());
  const auto state = co_await services.likes.toggle(context, *id);
  if (!state) co_return std::unexpected(state.error());
  co_return like_response(*id, *state);
}

}  // namespace cruddur::api
