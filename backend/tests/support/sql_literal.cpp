#include "support/sql_literal.hpp"

#include <map>
#include <memory>
#include <mutex>

namespace cruddur {

const sql::statement& operator""_sql(const char* text, std::size_t size) {
  static std::mutex guard;
  static std::map<std::string, std::unique_ptr<sql::statement>> known;
  const std::lock_guard lock{guard};
  const std::string key{text, size};
  auto& place = known[key];
  if (!place) place.reset(new sql::statement{"test", key});
  return *place;
}

}  // namespace cruddur
