#include "adapters/sql/pending_rewrites.hpp"

namespace cruddur::sql {
namespace {

const statement select_pending{"select_pending_rewrites",
                               "SELECT table_name FROM pending_rewrites ORDER BY table_name"};
const statement delete_pending{"delete_pending_rewrites", "DELETE FROM pending_rewrites"};

}  // namespace

task<result<std::vector<std::string>>> pending_rewrites(database& db) {
  const auto found = co_await db.read(select_pending, {});
  if (!found) co_return std::unexpected(found.error());
  std::vector<std::string> out;
  for (const row& each : found->rows) out.push_back(each.text(0));
  co_return out;
}

task<result<>> forget_rewrites(database& db) {
  const auto done = co_await db.write_one(delete_pending, {});
  if (!done) co_return std::unexpected(done.error());
  co_return result<>{};
}

}  // namespace cruddur::sql
