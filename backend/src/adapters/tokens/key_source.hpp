// Where a verifier finds an issuer's keys: given once, or fetched, kept, and fetched again when a
// token names an unknown key.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "adapters/tokens/key_set.hpp"
#include "base/clock.hpp"
#include "base/fault.hpp"
#include "base/task.hpp"

namespace cruddur::tokens {

// Thread-safe.
class key_source {
 public:
  virtual ~key_source() = default;

  // The key, or null when the issuer has none of that id. Fault: unavailable (issuer_unavailable)
  // when the keys were never fetched and can't be.
  virtual task<result<std::shared_ptr<const public_key>>> find(std::string key_id,
                                                               time_point now) = 0;
};

std::shared_ptr<key_source> given_keys(key_set keys);

// Gets the body at a URL, or a fault.
using fetcher = std::function<task<result<std::string>>(std::string url)>;

struct fetch_rules {
  std::chrono::seconds fresh{60 * 60};  // older keys are fetched again, by the side
  std::chrono::seconds pause{30};       // between two fetches because of unknown keys or failures
};

// From any loop; each may be empty.
struct fetch_hooks {
  std::function<void(std::string_view reason)> on_failure;  // of each fetch
  std::function<void()> on_recovery;                        // the first success after failures
};

// Keys that were once fetched stay in use while the issuer is away. One fetch at a time; whoever
// needs its outcome waits for it.
std::shared_ptr<key_source> fetched_keys(std::string url, fetcher fetch, fetch_rules rules = {},
                                         fetch_hooks hooks = {});

}  // namespace cruddur::tokens
