// What an account may still write. In memory, of fixed size, per process; thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/fault.hpp"
#include "base/uuid.hpp"
#include "base/write_limits.hpp"

namespace cruddur {

class write_budgets {
 public:
  explicit write_budgets(write_limits limits);
  ~write_budgets();

  // The fields of draft-ietf-httpapi-ratelimit-headers; empty when the kind has no limit.
  struct fields {
    std::string policy;
    std::string state;
  };

  // Takes one write out of every window of the kind, or nothing of any when one is empty. Requests
  // under way with the same key count as one: all of them but one will be told what that one made.
  // Fault: rate_limited, with the time until there is room. After success call settle() once.
  result<> take(write_kind kind, uuid account, std::optional<uuid> key, time_point now);

  // The request is over. When it wrote nothing, nor another with its key that was under way
  // meanwhile, what was taken is given back.
  void settle(write_kind kind, uuid account, std::optional<uuid> key, bool wrote, time_point now);

  fields describe(write_kind kind, uuid account, time_point now);

 private:
  struct state;
  write_limits limits_;
  std::unique_ptr<state> state_;
};

}  // namespace cruddur
