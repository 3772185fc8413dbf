#include "main/keys_command.hpp"

#include <cstdlib>

#include <fmt/format.h>

#include "adapters/postgres/preconditions.hpp"
#include "main/command.hpp"
#include "main/key_holder.hpp"
#include "main/key_upkeep.hpp"
#include "main/keys.hpp"
#include "main/keys_abandon.hpp"
#include "main/keys_move.hpp"
#include "main/keys_status.hpp"

namespace cruddur {
namespace {

result<> collect(process& process, sql::database& database, collection what) {
  const auto keys = find_keys(process, database);
  if (!keys) return std::unexpected(keys.error());
  const auto holding = key_holding::begin(process, database);
  if (!holding) return std::unexpected(holding.error());
  const auto found = collect_keys(process, database, keys->file.get(), what);
  if (!found) return std::unexpected(found.error());
  if (what == collection::destroy) {
    fmt::print("Destroyed {} of {} keys: nothing in the database referred to them.\n",
               found->orphans, found->keys);
  } else {
    fmt::print("Nothing in the database refers to {} of {} keys; --apply destroys them.\n",
               found->orphans, found->keys);
  }
  return {};
}

}  // namespace

result<> keep_keys(config::settings settings, const keys_request& request) {
  if (request.what == "status") return run_beside_others(std::move(settings), print_key_status);
  if (request.what == "collect") {
    const auto what = request.apply ? collection::destroy : collection::count;
    return run_on_database(std::move(settings), [what](process& process, sql::database& database) {
      return collect(process, database, what);
    });
  }
  if (!settings.uses_sqlite()) {
    ::setenv("PGAPPNAME", postgres::upkeep_name,
             1);  // NOLINT(concurrency-mt-unsafe): no threads yet
    if (auto unused = postgres::check_unused(settings.database_url); !unused) return unused;
  }
  return run_on_database(
      std::move(settings), [&request](process& process, sql::database& database) {
        if (request.what == "move") return move_keys(process, database, request.target);
        return abandon_keys(process, database, request.yes ? consent::given : consent::missing);
      });
}

}  // namespace cruddur
