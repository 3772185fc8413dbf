#include "app/threads.hpp"

#include <unordered_map>

#include "app/lookup.hpp"

namespace cruddur {
namespace {

using children_by_parent = std::unordered_map<uuid, std::vector<activity>>;

std::vector<reply_node> take_children(children_by_parent& rows, uuid parent, std::size_t level) {
  std::vector<reply_node> out;
  const auto found = rows.find(parent);
  if (found == rows.end()) return out;
  auto children = std::move(found->second);
  rows.erase(found);
  out.reserve(children.size());
  for (activity& child : children) {
    const uuid id = child.id;
    const std::int64_t replies = child.counts.replies;
    reply_node node{std::move(child), {}, false};
    if (level < thread_depth) node.replies = take_children(rows, id, level + 1);
    std::int64_t shown = 0;
    for (const reply_node& each : node.replies) shown += each.what.deleted ? 0 : 1;
    node.more = shown < replies;
    out.push_back(std::move(node));
  }
  return out;
}

}  // namespace

task<result<thread>> read_thread(activity_store& store, request_context context, uuid id,
                                 page_request replies) {
  auto found = co_await find_live(store, id, context);
  if (!found) co_return std::unexpected(std::move(found.error()));
  thread out{std::move(*found), {}, {}, false};

  if (out.what.reply_to) {
    auto above = co_await store.ancestors(id, context.viewer, context.now, thread_max_ancestors);
    if (!above) co_return std::unexpected(std::move(above.error()));
    out.ancestors = std::move(*above);
  }

  const std::size_t wanted = replies.limit;
  ++replies.limit;  // one more tells whether there is another page
  auto below = co_await store.reply_tree(id, replies, thread_depth, thread_max_rows, context.viewer,
                                         context.now);
  if (!below) co_return std::unexpected(std::move(below.error()));
  children_by_parent rows;
  for (activity& each : *below) rows[each.reply_to.value_or(uuid{})].push_back(std::move(each));
  out.replies = take_children(rows, id, 1);
  out.more = out.replies.size() > wanted;
  if (out.more) out.replies.pop_back();
  co_return out;
}

}  // namespace cruddur
