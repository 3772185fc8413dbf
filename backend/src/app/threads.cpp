#include "app/threads.hpp"

#include <unordered_map>

#include "app/lookup.hpp"

namespace cruddur {
namespace {

// A tree is read with one row more than is shown of each kind, of children and in all: that row
// tells exactly whose replies are not all there.
class tree_builder {
 public:
  explicit tree_builder(std::vector<tree_reply> rows) {
    if (rows.size() > thread_max_rows) {
      cut_ = rows.back().reply.reply_to;
      rows.pop_back();
    }
    for (tree_reply& each : rows) {
      children_[each.reply.reply_to.value_or(uuid{})].push_back(std::move(each));
    }
  }

  // `limit`: how many of them are shown.
  std::pair<std::vector<reply_node>, bool> take(uuid parent, std::size_t limit) {
    std::vector<reply_node> out;
    const auto found = children_.find(parent);
    if (found == children_.end()) return {std::move(out), false};
    auto rows = std::move(found->second);
    children_.erase(found);
    const bool more = rows.size() > limit || cut_ == parent;
    if (rows.size() > limit) rows.resize(limit);
    out.reserve(rows.size());
    for (tree_reply& each : rows) {
      const uuid id = each.reply.id;
      auto [replies, goes_on] = take(id, thread_max_children);
      const bool hidden = replies.empty() && each.answered;
      out.push_back({std::move(each.reply), std::move(replies), goes_on || hidden});
    }
    return {std::move(out), more};
  }

 private:
  std::unordered_map<uuid, std::vector<tree_reply>> children_;
  std::optional<uuid> cut_;  // whose replies the bound on all rows cut short
};

task<result<>> add_ancestors(activity_store& activities, threads& threads, request_context context,
                             thread& out) {
  auto above = co_await threads.ancestors(context, out.focus.id, thread_max_ancestors);
  if (!above) co_return std::unexpected(std::move(above.error()));
  out.ancestors = std::move(*above);
  if (out.ancestors.empty() || !out.ancestors.front().reply_to) co_return result<>{};
  auto root = co_await activities.find(context, *out.focus.root);
  if (!root) co_return std::unexpected(std::move(root.error()));
  out.distant_root = std::move(root->live);
  co_return result<>{};
}

}  // namespace

task<result<thread>> read_thread(activity_store& activities, threads& threads,
                                 request_context context, uuid id, page_request replies) {
  auto found = co_await find_live(activities, context, id);
  if (!found) co_return std::unexpected(std::move(found.error()));
  thread out{std::move(*found), {}, {}, {}, false};

  if (out.focus.reply_to) {
    const auto above = co_await add_ancestors(activities, threads, context, out);
    if (!above) co_return std::unexpected(above.error());
  }

  const std::size_t wanted = replies.limit++;
  constexpr tree_bounds bounds{
      .depth = thread_depth, .children = thread_max_children + 1, .rows = thread_max_rows + 1};
  auto below = co_await threads.reply_tree(context, id, replies, bounds);
  if (!below) co_return std::unexpected(std::move(below.error()));
  std::tie(out.replies, out.more) = tree_builder{std::move(*below)}.take(id, wanted);
  co_return out;
}

}  // namespace cruddur
