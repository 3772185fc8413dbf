#include "app/activity_writer.hpp"

#include "app/lookup.hpp"
#include "domain/entity_list.hpp"
#include "domain/message.hpp"
#include "domain/time_to_live.hpp"

namespace cruddur {
namespace {

result<time_to_live> check_time_to_live(std::string_view code) {
  if (code.empty()) {
    return fail(fault_kind::invalid, "ttl_blank", "Please choose how long the post lives.", "ttl");
  }
  const auto ttl = parse_time_to_live(code);
  if (!ttl) {
    return fail(fault_kind::invalid, "ttl_invalid",
                "A post lives 30-days, 7-days, 3-days, 1-day, 12-hours, 3-hours or 1-hour.", "ttl");
  }
  return *ttl;
}

// Requests that mean the same are the same, however their JSON is written. No part holds a zero
// byte, so no two requests read alike.
std::optional<idempotency_key> key_of(const draft& written, std::string_view route,
                                      std::string_view message, std::string_view ttl) {
  if (!written.key) return std::nullopt;
  std::string request{route};
  request.append(1, '\0').append(ttl).append(1, '\0').append(message);
  return idempotency_key{*written.key, std::move(request)};
}

}  // namespace

task<result<std::string>> activity_writer::entities_of(std::string message) {
  auto found = find_entities(message);
  auto handles = mentioned_handles(found);
  if (handles.empty()) co_return entities_json(found);
  const auto existing = co_await profiles_.existing(std::move(handles));
  if (!existing) co_return std::unexpected(existing.error());
  co_return entities_json(resolve_mentions(std::move(found), *existing));
}

task<result<published>> activity_writer::post(request_context context, draft written,
                                              std::string ttl) {
  auto message = check_message(written.message, post_max_graphemes);
  auto lifetime = check_time_to_live(ttl);
  if (!message || !lifetime) {
    // Both codes at once, so that a form can mark both fields.
    fault all = message ? lifetime.error() : message.error();
    if (!message && !lifetime) all.codes.push_back(lifetime.error().codes.front());
    co_return std::unexpected(std::move(all));
  }
  auto entities = co_await entities_of(*message);
  if (!entities) co_return std::unexpected(std::move(entities.error()));
  auto key = key_of(written, "post", *message, ttl);
  new_activity made{
      make_uuid_v7(context.now), *context.viewer, std::move(*message), context.now, std::move(key),
      std::move(*entities)};
  const uuid id = made.id;
  auto stored = co_await activities_.create_post(std::move(made), context.now + lifetime->duration);
  if (!stored) co_return std::unexpected(std::move(stored.error()));
  if (stored->id != id) co_return published{std::move(*stored), true};
  observer_.on(activity_posted{*stored});
  co_return published{std::move(*stored), false};
}

task<result<published>> activity_writer::reply(request_context context, draft written,
                                               uuid parent) {
  auto message = check_message(written.message, reply_max_graphemes);
  if (!message) co_return std::unexpected(std::move(message.error()));
  auto entities = co_await entities_of(*message);
  if (!entities) co_return std::unexpected(std::move(entities.error()));
  auto key = key_of(written, "reply to " + to_string(parent), *message, {});
  new_activity made{
      make_uuid_v7(context.now), *context.viewer, std::move(*message), context.now, std::move(key),
      std::move(*entities)};
  const uuid id = made.id;
  auto stored = co_await activities_.create_reply(std::move(made), parent);
  if (!stored) {
    if (stored.error().kind != fault_kind::not_found) co_return std::unexpected(stored.error());
    co_return std::unexpected(co_await why_not_live(activities_, context, parent));
  }
  if (stored->reply.id != id) co_return published{std::move(stored->reply), true};
  observer_.on(activity_posted{stored->reply});
  observer_.on(activity_counted{stored->parent, stored->parent_counts});
  co_return published{std::move(stored->reply), false};
}

task<result<>> activity_writer::remove(request_context context, uuid id) {
  auto found = co_await find_live(activities_, context, id);
  if (!found) co_return std::unexpected(std::move(found.error()));
  if (found->deleted) {
    co_return std::unexpected(activity_gone(gone_reason::deleted));
  }
  if (found->author != context.viewer) {
    co_return fail(fault_kind::forbidden, "not_author", "Only its author can delete a post.");
  }
  const auto removed = co_await activities_.remove(context, std::move(*found));
  if (!removed) {
    if (removed.error().kind != fault_kind::not_found) co_return std::unexpected(removed.error());
    co_return std::unexpected(co_await why_not_live(activities_, context, id));
  }
  observer_.on(activity_removed{id});
  if (removed->parent) {
    observer_.on(activity_counted{*removed->parent, removed->parent_counts});
  }
  co_return result<>{};
}

task<result<>> activity_writer::remove_author(uuid author, time_point now) {
  auto removed = co_await activities_.remove_author(author, now);
  // Whatever came of it: the account has ended.
  observer_.on(author_removed{author});
  co_return removed;
}

}  // namespace cruddur
