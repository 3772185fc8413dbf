// Care for the keys of a database as a whole: which nothing refers to, and which slots may never be
// given out again.
#pragma once

#include <cstdint>

#include "adapters/key_file/key_file.hpp"
#include "adapters/sql/database.hpp"
#include "base/fault.hpp"
#include "main/process.hpp"
#include "ports/content_keys.hpp"

namespace cruddur {

enum class collection { count, destroy };

struct key_census {
  std::int64_t keys = 0;
  // No row refers to these, and no running server may have them ready.
  std::int64_t orphans = 0;
};

// The only place where a key is destroyed because no row was found. With collection::destroy it
// also makes sure that no slot of a row is given out again. `file` is that of the database, or null
// for keys in a table. Faults: in words for the operator.
result<key_census> collect_keys(process& process, sql::database& database, key_file::key_file* file,
                                collection what);

// The greatest slot that is used, has ended or was given out, in the posts' database and in that of
// the keys.
result<key_slot> greatest_known_slot(process& process, sql::database& database);

// Works off all that the database says has ended.
result<> destroy_ended_keys(process& process, sql::database& database, content_keys& keys);

// Fault unless the database has every migration of this program.
result<> check_schema(sql::database& database);

}  // namespace cruddur
