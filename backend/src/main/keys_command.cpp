#include "main/keys_command.hpp"

#include <fmt/format.h>

#include "main/command.hpp"
#include "main/key_upkeep.hpp"
#include "main/keys.hpp"
#include "main/keys_status.hpp"

namespace cruddur {
namespace {

result<> collect(process& process, sql::database& database, collection what) {
  const auto keys = find_keys(process, database);
  if (!keys) return std::unexpected(keys.error());
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
  const auto what = request.apply ? collection::destroy : collection::count;
  return run_on_database(std::move(settings), [what](process& process, sql::database& database) {
    return collect(process, database, what);
  });
}

}  // namespace cruddur
