#include "adapters/sql/clear_texts.hpp"

#include "adapters/sql/activity_queries.hpp"
#include "domain/entity_list.hpp"

namespace cruddur::sql {
namespace {

constexpr std::size_t batch = 500;

const statement select_clear_activities{
    "select_clear_activities",
    "SELECT uuid, message, entities FROM activities WHERE slot IS NULL AND user_uuid IS NOT NULL "
    "ORDER BY uuid LIMIT CAST($1 AS bigint)"};

const statement seal_activity{"seal_activity",
                              "UPDATE activities SET slot = $2, sealed = $3, message = '', "
                              "entities = NULL, request_mac = NULL WHERE uuid = $1"};

// How many were sealed.
task<result<std::size_t>> seal_activities(database& db, content_vault& vault) {
  const auto found = co_await db.read(select_clear_activities, {static_cast<std::int64_t>(batch)});
  if (!found) co_return std::unexpected(found.error());
  if (found->rows.empty()) co_return std::size_t{0};
  auto keys = co_await vault.take(found->rows.size(), key_term::days);
  if (!keys) co_return std::unexpected(std::move(keys.error()));
  std::vector<command> commands;
  for (std::size_t i = 0; i < keys->size(); ++i) {
    const row& each = found->rows[i];
    const std::string entities =
        each.is_null(2) ? entities_json(find_entities(each.text(1))) : each.text(2);
    const content_key& key = (*keys)[i];
    commands.push_back({seal_activity,
                        {each.id(0), key.slot(),
                         bytes{key.seal(content_kind::activity, each.id(0),
                                        activity_record(each.text(1), entities))}}});
  }
  const auto done = co_await db.write(std::move(commands));
  for (content_key& each : *keys) {
    if (done) {
      each.keep();
    } else {
      each.settle(done.error());
    }
  }
  if (!done) co_return std::unexpected(done.error());
  co_return found->rows.size();
}

}  // namespace

task<result<>> seal_clear_texts(database& db, content_vault& vault,
                                std::function<void(std::size_t done)> on_progress) {
  for (std::size_t total = 0;;) {
    const auto sealed = co_await seal_activities(db, vault);
    if (!sealed) co_return std::unexpected(sealed.error());
    if (*sealed == 0) co_return result<>{};
    total += *sealed;
    on_progress(total);
  }
}

}  // namespace cruddur::sql
