// Long-lived keys that all server processes share, sealed before they come here.
#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/fault.hpp"
#include "base/task.hpp"

namespace cruddur {

// Every operation may also give unavailable (database_unavailable).
class key_store {
 public:
  virtual ~key_store() = default;

  // The sealed key of that name, or nothing.
  virtual task<result<std::optional<std::string>>> find(std::string name) = 0;

  // Keeps the key unless there is one of that name already; gives the one that is kept, so that
  // processes which race agree.
  virtual task<result<std::string>> put_if_absent(std::string name, std::string sealed,
                                                  time_point now) = 0;
};

}  // namespace cruddur
