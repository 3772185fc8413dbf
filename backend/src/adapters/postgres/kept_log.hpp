// What PostgreSQL itself keeps of rows that are gone from its tables.
#pragma once

#include <optional>
#include <string>

namespace cruddur::postgres {

struct kept_log {
  std::string archive_mode;
  std::string max_wal_size;
  std::string wal_keep_size;
  std::string replication_slots;  // how many
};

// As the server's settings say; nothing when they can't be read now. Blocks.
std::optional<kept_log> read_kept_log(const std::string& url);

}  // namespace cruddur::postgres
