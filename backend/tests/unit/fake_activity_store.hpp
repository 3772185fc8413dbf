// The stores of activities in memory, for tests of what stands above them. They count their reads,
// can be made to fail, and let a test step in between a read and its answer.
#pragma once

#include <functional>
#include <map>
#include <set>

#include "ports/activity_store.hpp"
#include "ports/reactions.hpp"
#include "ports/retention.hpp"
#include "ports/threads.hpp"
#include "ports/timelines.hpp"

namespace cruddur::tests {

class fake_activity_store : public activity_store,
                            public timelines,
                            public threads,
                            public reactions,
                            public retention {
 public:
  std::map<uuid, activity, std::greater<>> rows;
  std::map<uuid, uuid> by_token;
  std::vector<time_point> keys_forgotten_at;
  std::set<std::pair<uuid, uuid>> likes;  // user, activity
  std::map<uuid, gone_reason> gone;
  int home_reads = 0;
  int like_reads = 0;
  std::optional<fault> failure;
  std::function<void()> before_answer;  // called once

  activity& add(std::int64_t at_ms, time_point expires_at, uuid author = {}) {
    activity made;
    made.id = make_uuid_v7(from_unix_ms(at_ms));
    made.author = author;
    made.handle = "ab";
    made.message = "hello";
    made.created_at = from_unix_ms(at_ms);
    made.expires_at = expires_at;
    return rows[made.id] = made;
  }

  task<result<activity>> create_post(new_activity post, time_point expires_at) override {
    if (failure) co_return std::unexpected(*failure);
    if (post.key) {
      const auto [earlier, fresh] = by_token.try_emplace(post.key->token, post.id);
      if (!fresh) {
        const activity& made = rows.at(earlier->second);
        if (made.expires_at > post.created_at) co_return made;
        co_return fail(fault_kind::gone, "activity_expired", "");
      }
    }
    activity made;
    made.id = post.id;
    made.author = post.author;
    made.message = post.message;
    made.entities = post.entities;
    made.created_at = post.created_at;
    made.expires_at = expires_at;
    rows[made.id] = made;
    co_return made;
  }

  task<result<reply_outcome>> create_reply(new_activity reply, uuid parent) override {
    const auto above = rows.find(parent);
    if (above == rows.end() || above->second.expires_at <= reply.created_at) {
      co_return fail(fault_kind::not_found, "activity_not_found", "");
    }
    activity made;
    made.id = reply.id;
    made.author = reply.author;
    made.message = reply.message;
    made.entities = reply.entities;
    made.created_at = reply.created_at;
    made.expires_at = above->second.expires_at;
    made.reply_to = parent;
    made.root = above->second.root.value_or(parent);
    rows[made.id] = made;
    ++above->second.counts.replies;
    ++above->second.counts.revision;
    co_return reply_outcome{made, parent, above->second.counts};
  }

  task<result<activity_lookup>> find(request_context context, uuid id) override {
    const auto found = rows.find(id);
    if (found != rows.end() && found->second.expires_at > context.now) {
      activity out = found->second;
      out.liked = context.viewer && likes.contains({*context.viewer, id});
      co_return activity_lookup{out, {}};
    }
    if (found != rows.end()) co_return activity_lookup{{}, gone_reason::expired};
    const auto ended = gone.find(id);
    if (ended != gone.end()) co_return activity_lookup{{}, ended->second};
    co_return activity_lookup{};
  }

  task<result<page<activity>>> home(request_context context, page_request wanted) override {
    ++home_reads;
    page<activity> out;
    for (const auto& [id, each] : rows) {
      if (each.root || each.expires_at <= context.now) continue;
      if (wanted.cursor && id >= *wanted.cursor) continue;
      out.more = out.rows.size() == wanted.limit;
      if (out.more) break;
      out.rows.push_back(each);
      out.rows.back().liked = context.viewer && likes.contains({*context.viewer, id});
    }
    if (const auto step_in = std::exchange(before_answer, {})) step_in();
    if (failure) co_return std::unexpected(*failure);
    co_return out;
  }

  task<result<page<activity>>> by_author(request_context, uuid, page_request) override {
    co_return page<activity>{};
  }

  task<result<std::vector<activity>>> ancestors(request_context, uuid, std::size_t) override {
    co_return std::vector<activity>{};
  }

  task<result<std::vector<tree_reply>>> reply_tree(request_context, uuid parent,
                                                   page_request wanted, tree_bounds) override {
    std::vector<tree_reply> out;
    for (auto at = rows.rbegin(); at != rows.rend() && out.size() < wanted.limit; ++at) {
      if (at->second.reply_to == parent) out.push_back({at->second, false});
    }
    co_return out;
  }

  task<result<reaction_outcome>> set(request_context context, reaction, uuid id,
                                     bool is_on) override {
    const auto found = rows.find(id);
    if (found == rows.end() || found->second.expires_at <= context.now) {
      co_return fail(fault_kind::not_found, "activity_not_found", "");
    }
    const std::pair like{*context.viewer, id};
    const bool changed = is_on ? likes.insert(like).second : likes.erase(like) > 0;
    if (changed) {
      found->second.counts.likes += is_on ? 1 : -1;
      ++found->second.counts.revision;
    }
    co_return reaction_outcome{found->second.counts, changed};
  }

  task<result<std::vector<uuid>>> newest_roots(request_context context, reaction, uuid oldest,
                                               std::size_t) override {
    ++like_reads;
    std::vector<uuid> out;
    for (const auto& [who, id] : likes) {
      if (who == context.viewer && id >= oldest) out.push_back(id);
    }
    if (const auto step_in = std::exchange(before_answer, {})) step_in();
    co_return out;
  }

  task<result<removal_outcome>> remove(request_context, activity removed) override {
    rows.erase(removed.id);
    gone[removed.id] = gone_reason::deleted;
    co_return removal_outcome{false, removed.reply_to, {}};
  }

  task<result<>> remove_author(uuid, time_point) override { co_return result<>{}; }

  task<result<sweep_outcome>> sweep(time_point now, std::size_t limit) override {
    if (failure) co_return std::unexpected(*failure);
    sweep_outcome out{{}, false};
    for (auto at = rows.begin(); at != rows.end();) {
      if (at->second.expires_at > now) {
        ++at;
        continue;
      }
      if (out.roots.size() == limit) {
        out.more = true;
        break;
      }
      out.roots.push_back({at->first, at->second.expires_at});
      at = rows.erase(at);
    }
    co_return out;
  }

  task<result<clear_outcome>> clear_removed(time_point, std::size_t) override {
    co_return clear_outcome{};
  }

  task<result<std::optional<time_point>>> next_expiry() override {
    std::optional<time_point> out;
    for (const auto& [id, each] : rows) {
      if (!out || each.expires_at < *out) out = each.expires_at;
    }
    co_return out;
  }

  task<result<>> forget_gone(time_point) override { co_return result<>{}; }
  task<result<bool>> knows_key(uuid, uuid token) override { co_return by_token.contains(token); }
  task<result<bool>> forget_keys(time_point now, std::size_t) override {
    keys_forgotten_at.push_back(now);
    co_return keys_forgotten_at.size() < 2;
  }
  task<result<bool>> purge() override {
    ++purges;
    co_return purge_succeeds;
  }

  int purges = 0;
  bool purge_succeeds = true;
};

}  // namespace cruddur::tests
