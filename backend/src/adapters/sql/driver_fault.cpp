#include "adapters/sql/driver_fault.hpp"

namespace cruddur::sql {

driver_error::operator fault() const {
  switch (kind) {
    case driver_fault::unique_violation:
      return make_fault(fault_kind::conflict, "unique_violation", "There is one already.", field);
    case driver_fault::foreign_key_violation:
      return make_fault(fault_kind::conflict, "foreign_key_violation",
                        "What it belongs to is gone.");
    case driver_fault::busy:
      return make_fault(fault_kind::unavailable, "database_busy",
                        "There is more to write than the disk can take. Try again in a moment.",
                        std::chrono::seconds{1});
    default:
      return make_fault(fault_kind::unavailable, "database_unavailable",
                        "The database is out of reach. Try again in a moment.",
                        std::chrono::seconds{2});
  }
}

}  // namespace cruddur::sql
