// What an upgrade from a version that stored clear text takes beside the migrations: room on the
// disk, sealing, and new pages in the place of those where clear text stood.
#pragma once

#include "adapters/sql/blind_index.hpp"
#include "adapters/sql/content_vault.hpp"
#include "adapters/sql/database.hpp"
#include "base/fault.hpp"
#include "main/process.hpp"

namespace cruddur {

// Whether the disks have room for a copy of the database and its log, as far as this machine can
// tell: of SQLite's. Fault: in words for the operator.
result<> check_room(const process& process);

// Seals what the migration of this number is about to drop; nothing for other numbers.
task<result<>> seal_clear_text(int migration, sql::database& database, sql::content_vault& vault,
                               process& process);

// Rewrites the tables that hold clear text in old pages, if there are any. When it is stopped, the
// next call begins again. Blocks.
result<> rewrite_pages(sql::database& database, process& process);

}  // namespace cruddur
