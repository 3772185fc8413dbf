#include "adapters/postgres/kept_log.hpp"

#include "adapters/postgres/session.hpp"
#include "adapters/sql/run_blocking.hpp"

namespace cruddur::postgres {
namespace {

constexpr auto select_settings =
    "SELECT current_setting('archive_mode'), current_setting('max_wal_size'), "
    "current_setting('wal_keep_size'), (SELECT count(*) FROM pg_replication_slots)";

}  // namespace

std::optional<kept_log> read_kept_log(const std::string& url) {
  const auto opened = sql::run_blocking(session::connect(url, std::chrono::seconds{5}));
  if (!opened) return std::nullopt;
  const result_handle found{PQexec((*opened)->handle(), select_settings)};
  if (PQresultStatus(found.get()) != PGRES_TUPLES_OK) return std::nullopt;
  const auto column = [&](int i) { return std::string{PQgetvalue(found.get(), 0, i)}; };
  return kept_log{column(0), column(1), column(2), column(3)};
}

}  // namespace cruddur::postgres
