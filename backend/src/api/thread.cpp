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
    append_activity(out, each.what);
    out.back() = ',';  // the object goes on
    out += "\"replies\":";
    append_replies(out, each.replies, each.more);
    out += '}';
  }
  // Where none is shown, the next page is the first.
  const uuid last = replies.empty() ? uuid{} : replies.back().what.id;
  append_list_end(out, more ? make_cursor(list_kind::replies, last) : std::string{});
}

http::response thread_response(const thread& what) {
  std::string body = "{\"activity\":";
  append_activity(body, what.what);
  body += ",\"ancestors\":[";
  for (std::size_t i = 0; i < what.ancestors.size(); ++i) {
    if (i > 0) body += ',';
    append_activity(body, what.ancestors[i]);
  }
  body += what.distant_root ? "],\"ancestors_more\":true,\"root\":"
                            : "],\"ancestors_more\":false,\"root\":null";
  if (what.distant_root) append_activity(body, *what.distant_root);
  body += ",\"replies\":";
  append_replies(body, what.replies, what.more);
  body += '}';
  return json_response(std::move(body));
}

}  // namespace

task<result<http::response>> show_activity(services& with, http::request& from,
                                           request_context context) {
  const auto id = activity_id(from);
  if (!id) co_return std::unexpected(id.error());
  const auto page = page_of(from, list_kind::replies);
  if (!page) co_return std::unexpected(page.error());
  const auto found = co_await read_thread(with.activities, context, *id, *page);
  if (!found) co_return std::unexpected(found.error());
  const std::string_view handle = from.path_value("handle");
  if (!handle.empty() && parse_handle(handle) != found->what.handle) {
    co_return fail(fault_kind::not_found, "activity_not_found", "There is no such post.");
  }
  co_return thread_response(*found);
}

}  // namespace cruddur::api
