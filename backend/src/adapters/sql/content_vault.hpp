// What people write is stored sealed, each content under a key of its own (ports/content_keys.hpp):
// its row holds the key's slot and the sealed bytes.
//
//   take a key → seal → write the row → keep() or drop() the key
//
// Until the write's outcome is known the key is taken. Stored: it is kept. Known not to be stored,
// as for a repeated request: it is dropped, and destroyed soon. In doubt, because the database went
// away in the middle: neither is said, and whoever destroys keys asks the database later
// (app/key_destroyer.hpp).
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "adapters/sql/driver_fault.hpp"
#include "adapters/sql/opened_profiles.hpp"
#include "base/fault.hpp"
#include "base/task.hpp"
#include "base/uuid.hpp"
#include "ports/content_keys.hpp"
#include "ports/ended_keys.hpp"

namespace cruddur::sql {

// What a sealed record is. It is bound to the record, with the id of its row.
enum class content_kind : char {
  activity = 'a',
  profile = 'p',
  account = 'c',
  code = 'm',
  index_key = 'i'
};

class content_vault;

// A key that is taken for a content.
class content_key {
 public:
  content_key(content_vault& vault, reserved_key key) : vault_{&vault}, key_{std::move(key)} {}
  content_key(content_key&& other) noexcept;
  content_key& operator=(content_key&&) = delete;
  ~content_key();  // in doubt, unless one of the two was said

  key_slot slot() const { return key_.slot; }
  std::string seal(content_kind kind, uuid id, std::string_view text) const;
  // HMAC-SHA-256 of a text; with the key it goes.
  std::string mac(std::string_view text) const;

  void keep();
  void drop();
  // After a write that gave this error: dropped when it is sure that nothing was stored.
  void settle(const driver_error& error);

 private:
  content_vault* vault_;
  reserved_key key_;
};

struct sealed_record {
  key_slot slot;
  content_kind kind;
  uuid id;
  std::string_view bytes;  // must outlive the call
  // Where the database gave the key with the row.
  std::optional<secret> key = std::nullopt;
};

// Thread-safe.
class content_vault {
 public:
  // `keys` outlives it. `on_fault` hears what the store of keys says when it fails, in words for
  // the operator; callers are told keys_unavailable.
  explicit content_vault(content_keys& keys, std::function<void(std::string_view)> on_fault = {})
      : keys_{keys}, on_fault_{std::move(on_fault)} {}
  content_vault(const content_vault&) = delete;
  content_vault& operator=(const content_vault&) = delete;

  task<result<content_key>> take(key_term term);
  task<result<std::vector<content_key>>> take(std::size_t count, key_term term);

  // The texts in the order of the records, each record of a slot that comes twice opened once;
  // nothing for one whose key has ended or that is damaged.
  task<result<std::vector<std::optional<std::string>>>> open(std::vector<sealed_record> records);

  // Profiles that were opened are kept for a moment, and leave the memory here.
  void drop_old_profiles() { profiles_.drop_old(std::chrono::steady_clock::now()); }

  // Whether content_key::mac() of that slot's key gives this.
  task<result<bool>> has_mac(key_slot slot, std::string_view text, std::string_view mac);

  // Dropped keys, and such as have been in doubt for longer than that: given once each.
  std::vector<key_slot> take_dropped();
  std::vector<key_slot> take_doubtful(std::chrono::steady_clock::duration age);
  // They go on being in doubt.
  void doubt(const std::vector<key_slot>& slots);

  // Finds out which of the records that did not open are lost: those whose content is still stored.
  // The others have ended while they were read. Each is looked up once, up to 4,096 of them.
  task<result<>> count_lost(ended_keys& contents);
  // Lost records that were found so far.
  std::uint64_t lost() const { return lost_.load(std::memory_order_relaxed); }

 private:
  friend class content_key;

  struct doubtful {
    key_slot slot;
    std::chrono::steady_clock::time_point since;
  };

  void add_dropped(key_slot slot);
  void add_unopened(key_slot slot);
  std::unexpected<fault> explain(const fault& fault) const;

  content_keys& keys_;
  std::function<void(std::string_view)> on_fault_;
  opened_profiles profiles_;
  std::mutex mutex_;
  std::vector<key_slot> dropped_;
  std::vector<doubtful> doubtful_;
  // Records that did not open: all of them, and those that are still to be looked up.
  std::unordered_set<key_slot> unopened_;
  std::vector<key_slot> not_looked_up_;
  std::atomic<std::uint64_t> lost_{0};
};

}  // namespace cruddur::sql
