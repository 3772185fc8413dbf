#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/fault.hpp"
#include "base/task.hpp"
#include "domain/profile.hpp"

namespace cruddur {

// Every operation may also give unavailable (database_unavailable).
class profile_store {
 public:
  virtual ~profile_store() = default;

  // Makes the profile of a confirmed account, whose tokens have `identity` as their subject.
  // Repeating it for the same identity changes nothing and succeeds, whatever the profile's id; so
  // does one whose account has ended, for whom no profile is made. Fault: conflict (handle_taken)
  // when another profile has the handle.
  virtual task<result<>> create(uuid identity, profile owner) = 0;

  // Whether anybody has a profile.
  virtual task<result<bool>> any() = 0;

  // The id of an identity's profile: the only way from the one to the other.
  virtual task<result<std::optional<uuid>>> find_id(uuid identity) = 0;

  virtual task<result<std::optional<profile>>> find(uuid id) = 0;
  virtual task<result<std::optional<profile>>> find_by_handle(std::string handle) = 0;

  // Those of `handles` that somebody has.
  virtual task<result<std::vector<std::string>>> existing(std::vector<std::string> handles) = 0;
};

}  // namespace cruddur
