#include "adapters/sql/clear_texts.hpp"

#include "adapters/sql/activity_queries.hpp"
#include "adapters/sql/person_records.hpp"
#include "domain/entity_list.hpp"

namespace cruddur::sql {
namespace {

constexpr std::int64_t batch = 500;

const statement select_clear_activities{
    "select_clear_activities",
    "SELECT uuid, message, entities FROM activities WHERE slot IS NULL AND user_uuid IS NOT NULL "
    "ORDER BY uuid LIMIT CAST($1 AS bigint)"};
const statement seal_activity{"seal_activity",
                              "UPDATE activities SET slot = $2, sealed = $3, message = '', "
                              "entities = NULL, request_mac = NULL WHERE uuid = $1"};

const statement select_clear_profiles{
    "select_clear_profiles",
    "SELECT uuid, handle, display_name, bio FROM users WHERE slot IS NULL AND removed = 0 "
    "ORDER BY uuid LIMIT CAST($1 AS bigint)"};
const statement seal_profile{"seal_profile",
                             "UPDATE users SET slot = $2, sealed = $3, index_key = $4, "
                             "handle_mac = $5 WHERE uuid = $1"};

const statement select_clear_accounts{
    "select_clear_accounts",
    "SELECT uuid, email, handle, display_name FROM pool_accounts WHERE slot IS NULL "
    "ORDER BY uuid LIMIT CAST($1 AS bigint)"};
const statement seal_account{"seal_account",
                             "UPDATE pool_accounts SET slot = $2, sealed = $3, index_key = $4, "
                             "email_mac = $5, handle_mac = $6 WHERE uuid = $1"};

// 2 is code_purpose::email_change; no other code has an email.
const statement select_clear_codes{
    "select_clear_codes",
    "SELECT account_uuid, email FROM pool_codes WHERE slot IS NULL AND email <> '' "
    "AND purpose = 2 ORDER BY account_uuid LIMIT CAST($1 AS bigint)"};
const statement seal_code{"seal_code",
                          "UPDATE pool_codes SET slot = $2, sealed = $3, email_mac = $4 "
                          "WHERE account_uuid = $1 AND purpose = 2"};

command seal_activity_row(const row& found, const content_key& key, const blind_index*) {
  const std::string entities =
      found.is_null(2) ? entities_json(find_entities(found.text(1))) : found.text(2);
  return {seal_activity,
          {found.id(0), key.slot(),
           bytes{key.seal(content_kind::activity, found.id(0),
                          activity_record(found.text(1), entities))}}};
}

command seal_profile_row(const row& found, const content_key& key, const blind_index* index) {
  const profile_names names{found.text(1), found.text(2), found.text(3)};
  name_macs macs = index->macs(name_kind::handle, names.handle);
  return {seal_profile,
          {found.id(0), key.slot(),
           bytes{key.seal(content_kind::profile, found.id(0), to_record(names))}, macs.generation,
           std::move(macs.current)}};
}

command seal_account_row(const row& found, const content_key& key, const blind_index* index) {
  const account_names names{found.text(1), found.text(2), found.text(3)};
  name_macs email = index->macs(name_kind::email, names.email);
  return {seal_account,
          {found.id(0), key.slot(),
           bytes{key.seal(content_kind::account, found.id(0), to_record(names))}, email.generation,
           std::move(email.current), index->macs(name_kind::handle, names.handle).current}};
}

command seal_code_row(const row& found, const content_key& key, const blind_index* index) {
  return {seal_code,
          {found.id(0), key.slot(), bytes{key.seal(content_kind::code, found.id(0), found.text(1))},
           index->macs(name_kind::email, found.text(1)).current}};
}

struct clear_rows {
  const statement* select;
  key_term term;
  command (*seal)(const row& found, const content_key& key, const blind_index* index);
};

constexpr clear_rows activities{&select_clear_activities, key_term::days, seal_activity_row};
constexpr clear_rows people[]{{&select_clear_profiles, key_term::lasting, seal_profile_row},
                              {&select_clear_accounts, key_term::lasting, seal_account_row},
                              {&select_clear_codes, key_term::hours, seal_code_row}};

// How many were sealed.
task<result<std::size_t>> seal_batch(database& db, content_vault& vault, const blind_index* index,
                                     const clear_rows& rows) {
  const auto found = co_await db.read(*rows.select, {batch});
  if (!found) co_return std::unexpected(found.error());
  if (found->rows.empty()) co_return std::size_t{0};
  auto keys = co_await vault.take(found->rows.size(), rows.term);
  if (!keys) co_return std::unexpected(std::move(keys.error()));
  std::vector<command> commands;
  for (std::size_t i = 0; i < keys->size(); ++i) {
    commands.push_back(rows.seal(found->rows[i], (*keys)[i], index));
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

task<result<>> seal_all(database& db, content_vault& vault, const blind_index* index,
                        std::span<const clear_rows> tables, sealing_progress on_progress) {
  std::size_t total = 0;
  for (const clear_rows& each : tables) {
    for (;;) {
      const auto sealed = co_await seal_batch(db, vault, index, each);
      if (!sealed) co_return std::unexpected(sealed.error());
      if (*sealed == 0) break;
      total += *sealed;
      on_progress(total);
    }
  }
  co_return result<>{};
}

}  // namespace

task<result<>> seal_clear_texts(database& db, content_vault& vault, sealing_progress on_progress) {
  return seal_all(db, vault, nullptr, {&activities, 1}, std::move(on_progress));
}

task<result<>> seal_clear_names(database& db, content_vault& vault, const blind_index& index,
                                sealing_progress on_progress) {
  return seal_all(db, vault, &index, people, std::move(on_progress));
}

}  // namespace cruddur::sql
