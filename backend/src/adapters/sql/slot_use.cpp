#include "adapters/sql/slot_use.hpp"

#include <algorithm>
#include <memory>

#include "adapters/sql/slot_tables.hpp"

namespace cruddur::sql {
namespace {

constexpr std::size_t batch = 1000;

const statement count_used{"count_used_slots", dialects{"SELECT count(*) FROM ("} +
                                                   slots_where("slot IS NOT NULL") + ") used"};

// Only PostgreSQL gives slots out itself.
const statement select_greatest{
    "select_greatest_slot",
    dialects{"SELECT CAST(COALESCE(max(slot), 0) AS bigint) FROM (SELECT slot FROM ended_keys "
             "UNION ALL "} +
        slots_where("slot IS NOT NULL") +
        dialects{"",
                 " UNION ALL SELECT max(slot) FROM content_keys UNION ALL "
                 "SELECT last_value + 1023 FROM content_key_reservations_first_seq"} +
        ") used"};

const statement count_waiting{"count_ended_keys",
                              "SELECT count(*), COALESCE(min(ended_at), 0) FROM ended_keys"};

const statement remember_lost{"remember_lost",
                              dialects{"INSERT INTO gone_activities (uuid, reason, gone_at) "
                                       "SELECT uuid, 'lost', $2 FROM activities WHERE slot IN "} +
                                  listed_slots + " ON CONFLICT (uuid) DO NOTHING"};

const statement end_keys_of_lost{
    "end_idempotency_keys_of_lost",
    dialects{"UPDATE idempotency_keys SET activity_uuid = NULL, ended = 'deleted' WHERE "
             "(user_uuid, token) IN (SELECT user_uuid, client_token FROM activities "
             "WHERE client_token IS NOT NULL AND slot IN "} +
        listed_slots + ")"};

// So that every server hears of it.
const statement sign_out_lost{
    "sign_out_lost",
    dialects{"UPDATE pool_sessions SET revoked_at = $2 WHERE revoked_at IS NULL AND account_uuid "
             "IN (SELECT uuid FROM pool_accounts WHERE slot IN "} +
        listed_slots + ")"};

// One for each table, made once.
std::vector<std::unique_ptr<statement>> make_statements(statement_name name,
                                                        dialects (*text)(const slot_table&)) {
  std::vector<std::unique_ptr<statement>> out;
  for (const slot_table& each : slot_tables) {
    out.push_back(std::make_unique<statement>(name, text(each)));
  }
  return out;
}

const std::vector<std::unique_ptr<statement>>& record_batches() {
  static const auto all =
      make_statements("select_records", [](const slot_table& table) -> dialects {
        return "SELECT slot, " + std::string{table.id} + (table.kind ? ", sealed" : "") + " FROM " +
               std::string{table.name} + " WHERE slot > $1 ORDER BY slot LIMIT CAST($2 AS bigint)";
      });
  return all;
}

const std::vector<std::unique_ptr<statement>>& endings() {
  static const auto all = make_statements("end_lost", [](const slot_table& table) {
    return dialects{std::string{table.end_lost} + " WHERE slot IN "} + listed_slots;
  });
  return all;
}

// Which of the rows open.
task<result<std::vector<bool>>> try_records(content_vault& vault, content_kind kind,
                                            const query_result& rows) {
  std::vector<sealed_record> records;
  for (const row& each : rows.rows) {
    records.push_back({.slot = each.integer(0),
                       .kind = kind,
                       .id = each.id(1),
                       .bytes = each.is_null(2) ? std::string_view{} : each.blob(2)});
  }
  const auto texts = co_await vault.open(std::move(records));
  if (!texts) co_return std::unexpected(texts.error());
  std::vector<bool> out;
  for (const auto& each : *texts) out.push_back(each.has_value());
  co_return out;
}

task<result<std::vector<bool>>> try_keys(content_keys& keys, const query_result& rows) {
  std::vector<key_slot> slots;
  for (const row& each : rows.rows) slots.push_back(each.integer(0));
  const auto found = co_await keys.load(std::move(slots));
  if (!found) co_return std::unexpected(found.error());
  std::vector<bool> out;
  for (const auto& each : *found) out.push_back(each.has_value());
  co_return out;
}

task<result<lost_contents>> find_lost_in(database& db, content_keys& keys, std::size_t table) {
  content_vault vault{keys};
  const slot_table& source = slot_tables[table];
  lost_contents out{.contents = source.contents, .kept = 0, .lost = {}};
  for (key_slot last = 0;;) {
    const auto found =
        co_await db.read(*record_batches()[table], {last, static_cast<std::int64_t>(batch)});
    if (!found) co_return std::unexpected(found.error());
    if (found->rows.empty()) co_return out;
    last = found->rows.back().integer(0);
    auto opened = source.kind ? try_records(vault, *source.kind, *found) : try_keys(keys, *found);
    const auto good = co_await std::move(opened);
    if (!good) co_return std::unexpected(good.error());
    for (std::size_t i = 0; i < found->rows.size(); ++i) {
      if ((*good)[i]) {
        ++out.kept;
      } else {
        out.lost.push_back(found->rows[i].integer(0));
      }
    }
  }
}

}  // namespace

task<result<std::int64_t>> count_slots(database& db) {
  const auto found = co_await db.read(count_used, {});
  if (!found) co_return std::unexpected(found.error());
  co_return found->rows.at(0).integer(0);
}

task<result<key_slot>> greatest_slot(database& db) {
  const auto found = co_await db.read(select_greatest, {});
  if (!found) co_return std::unexpected(found.error());
  co_return found->rows.at(0).integer(0);
}

task<result<waiting_keys>> count_ended_keys(database& db) {
  const auto found = co_await db.read(count_waiting, {});
  if (!found) co_return std::unexpected(found.error());
  co_return waiting_keys{found->rows.at(0).integer(0), found->rows.at(0).time(1)};
}

task<result<std::vector<lost_contents>>> find_lost(database& db, content_keys& keys) {
  std::vector<lost_contents> out;
  for (std::size_t table = 0; table < slot_tables.size(); ++table) {
    auto found = co_await find_lost_in(db, keys, table);
    if (!found) co_return std::unexpected(std::move(found.error()));
    out.push_back(std::move(*found));
  }
  co_return out;
}

task<result<>> end_lost(database& db, std::vector<key_slot> slots, time_point now) {
  const std::int64_t time = to_unix_ms(now);
  for (std::size_t begin = 0; begin < slots.size(); begin += batch) {
    const auto end = std::min(slots.size(), begin + batch);
    const std::string listed = slot_list({slots.begin() + static_cast<std::ptrdiff_t>(begin),
                                          slots.begin() + static_cast<std::ptrdiff_t>(end)});
    std::vector<command> commands;
    commands.push_back({remember_lost, {listed, time}});
    commands.push_back({end_keys_of_lost, {listed}});
    commands.push_back({sign_out_lost, {listed, time}});
    for (const auto& each : endings()) commands.push_back({*each, {listed, time, time}});
    const auto done = co_await db.write(std::move(commands));
    if (!done) co_return std::unexpected(done.error());
  }
  co_return result<>{};
}

}  // namespace cruddur::sql
