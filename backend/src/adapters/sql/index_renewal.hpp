// Makes the MACs of names anew after the index key was renewed (adapters/sql/blind_index.hpp), in
// batches, while the server serves.
#pragma once

#include <string>

#include "adapters/sql/blind_index.hpp"

namespace cruddur::sql {

// Call run() from one place at a time.
class index_renewal {
 public:
  // All outlive it.
  index_renewal(database& db, content_vault& vault, blind_index& index)
      : db_{db}, vault_{vault}, index_{index} {}

  // Does what is due. Whatever is left undone by a fault or a crash is done by the next call, on
  // this server or another.
  task<result<>> run(time_point now);

 private:
  task<result<>> remake_all();

  database& db_;
  content_vault& vault_;
  blind_index& index_;
  // Of the generation for which all MACs are known to be made.
  std::int64_t done_ = 0;
};

}  // namespace cruddur::sql
