// Values in PostgreSQL's binary format (the send and receive functions of each type).
#pragma once

#include <vector>

#include <libpq-fe.h>

#include "adapters/sql/database.hpp"

namespace cruddur::postgres {

// The parameters of one execution, as libpq takes them. It points into `values`, which must outlive
// it.
class encoded_parameters {
 public:
  explicit encoded_parameters(const sql::parameters& values);

  int count() const { return static_cast<int>(pointers_.size()); }
  const char* const* pointers() const { return pointers_.data(); }
  const int* lengths() const { return lengths_.data(); }
  const int* formats() const { return formats_.data(); }

 private:
  // Big-endian, as they are sent.
  std::vector<std::uint64_t> integers_;
  std::vector<const char*> pointers_;
  std::vector<int> lengths_;
  std::vector<int> formats_;
};

// The types to prepare a statement with. 0 for a bare null: the server finds the type itself.
std::vector<Oid> parameter_types(const sql::parameters& values);

// The rows and the count of a result that succeeded. Throws std::logic_error for a column of a type
// that sql::value can't hold.
sql::query_result decode(const PGresult* result);

}  // namespace cruddur::postgres
