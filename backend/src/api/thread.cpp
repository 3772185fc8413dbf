// One activity with its thread: the schema `Thread` of api/openapi.yaml.
#include "api/activities.hpp"
#include "api/activity_json.hpp"
#include "api/input.hpp"
#include "app/threads.hpp"
#include "domain/handle.hpp"

namespace cruddur::api {
namespace {

void append_replies(std::string& out, const std::vector<reply_node>& replies, bool more) {
  out += "{\"data\":[";
  bool first = true;
  for (const reply_node& each : replies) {
    if (!first) out += ',';
    first = false;
    append_activity(out, each.reply);
    out.back() = ',';  // the object goes on
    out += "\"replies\":";
    append_replies(out, each.replies, each.more);
    out += '}';
  }
  // Where none is shown, the next page is the first.
  const uuid last = replies.empty() ? uuid{} : replies.back().reply.id;
  append_list_end(out, more ? make_cursor(list_kind::replies, last) : std::string{});
}

http::response thread_response(const thread& shown) {
  std::string body = "{\"activity\":";
  append_activity(body, shown.focus);
  body += ",\"ancestors\":[";
  for (std::size_t i = 0; i < shown.ancestors.size(); ++i) {
    if (i > 0) body += ',';
    append_activity(body, shown.ancestors[i]);
  }
  body += shown.distant_root ? "],\"ancestors_more\":true,\"root\":"
                             : "],\"ancestors_more\":false,\"root\":null";
  if (shown.distant_root) append_activity(body, *shown.distant_root);
  body += ",\"replies\":";
  append_replies(body, shown.replies, shown.more);
  body += '}';
  return json_response(std::move(body));
}

}  // namespace

task<result<http::response>> show_activity(services& services, http::request& request,
                                           request_context context) {
  const auto id = activity_id(request);
  if (!id) co_return std::unexpected(id.error());
  const auto wanted = page_of(request, list_kind::replies);
  if (!wanted) co_return std::unexpected(wanted.error());
  const auto found =
      co_await read_thread(services.activities, services.threads, context, *id, *wanted);
  if (!found) co_return std::unexpected(found.error());
  const std::string_view handle = request.path_value("handle");
  if (!handle.empty() && parse_handle(handle) != found->focus.handle) {
    co_return fail(fault_kind::not_found, "activity_not_found", "There is no such post.");
  }
  co_return thread_response(*found);
}

}  // namespace cruddur::api
