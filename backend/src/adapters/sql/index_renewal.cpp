#include "adapters/sql/index_renewal.hpp"

#include "adapters/sql/person_records.hpp"
#include "base/encoding.hpp"
#include "base/random.hpp"

namespace cruddur::sql {
namespace {

constexpr std::int64_t batch = 500;
constexpr std::size_t random_mac_bytes = 16;

// $1 the generation, $2 after which id, $3 how many.
const statement select_old_profiles{
    "select_old_profile_macs",
    "SELECT uuid, slot, sealed FROM users WHERE index_key < $1 AND uuid > $2 AND slot IS NOT NULL "
    "ORDER BY uuid LIMIT CAST($3 AS bigint)"};
const statement select_old_accounts{
    "select_old_account_macs",
    "SELECT uuid, slot, sealed FROM pool_accounts WHERE index_key < $1 AND uuid > $2 "
    "ORDER BY uuid LIMIT CAST($3 AS bigint)"};

// Nothing where the person has changed or gone since. $1 id, $2 slot, $3 the generation.
const statement update_profile{"update_profile_mac",
                               "UPDATE users SET index_key = $3, handle_mac = $4 "
                               "WHERE uuid = $1 AND slot = $2 AND index_key < $3"};
const statement update_account{"update_account_macs",
                               "UPDATE pool_accounts SET index_key = $3, handle_mac = $4, "
                               "email_mac = $5 WHERE uuid = $1 AND slot = $2 AND index_key < $3"};

// The MAC of a name that is lost, under which it is never found.
std::string random_mac() {
  return to_base64url(random_bytes(random_mac_bytes));
}

struct table {
  const statement* select;
  content_kind kind;
  command (*update)(const blind_index& index, const row& found, std::int64_t generation,
                    const std::optional<std::string>& record);
};

command update_profile_mac(const blind_index& index, const row& found, std::int64_t generation,
                           const std::optional<std::string>& record) {
  const auto names = record ? read_profile_names(*record) : std::nullopt;
  return {update_profile,
          {found.id(0), found.integer(1), generation,
           names ? index.macs(name_kind::handle, names->handle).current : random_mac()}};
}

command update_account_macs(const blind_index& index, const row& found, std::int64_t generation,
                            const std::optional<std::string>& record) {
  const auto names = record ? read_account_names(*record) : std::nullopt;
  return {update_account,
          {found.id(0), found.integer(1), generation,
           names ? index.macs(name_kind::handle, names->handle).current : random_mac(),
           names ? index.macs(name_kind::email, names->email).current : random_mac()}};
}

constexpr table tables[]{{&select_old_profiles, content_kind::profile, update_profile_mac},
                         {&select_old_accounts, content_kind::account, update_account_macs}};

// All of one table.
task<result<>> remake(database& db, content_vault& vault, const blind_index& index,
                      const table& people) {
  const std::int64_t generation = index.generation();
  uuid last{};
  for (;;) {
    const auto found = co_await db.read(*people.select, {generation, last, batch});
    if (!found) co_return std::unexpected(found.error());
    if (found->rows.empty()) co_return result<>{};
    std::vector<sealed_record> records;
    for (const row& each : found->rows) {
      records.push_back(
          {.slot = each.integer(1), .kind = people.kind, .id = each.id(0), .bytes = each.blob(2)});
    }
    const auto opened = co_await vault.open(std::move(records));
    if (!opened) co_return std::unexpected(opened.error());
    if (index.generation() != generation) co_return result<>{};
    std::vector<command> commands;
    commands.push_back({lock_index_key, {generation}});
    for (std::size_t i = 0; i < found->rows.size(); ++i) {
      commands.push_back(people.update(index, found->rows[i], generation, (*opened)[i]));
    }
    const auto done = co_await db.write(std::move(commands));
    if (!done) co_return std::unexpected(done.error());
    last = found->rows.back().id(0);
  }
}

}  // namespace

task<result<>> index_renewal::remake_all() {
  const std::int64_t generation = index_.generation();
  for (const table& each : tables) {
    if (auto done = co_await remake(db_, vault_, index_, each); !done) co_return done;
  }
  if (index_.generation() == generation) done_ = generation;
  co_return result<>{};
}

task<result<>> index_renewal::run(time_point now) {
  if (auto read = co_await index_.refresh(); !read) co_return read;
  if (auto ended = co_await index_.end_replaced(now); !ended) co_return ended;
  const auto step = co_await index_.renew(now);
  if (!step) co_return std::unexpected(step.error());
  if (done_ == index_.generation()) co_return result<>{};
  co_return co_await remake_all();
}

}  // namespace cruddur::sql
