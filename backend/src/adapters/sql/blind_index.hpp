// Names (emails, handles) are found without being stored: their rows hold a MAC of them under a key
// that only this program has, and the names themselves stand sealed.
//
// The index key is renewed every thirty days, so that whoever has an old copy of the database and
// today's keys can't tell by guessing whose account has ended:
//
//   announced → current → replaced → ended
//
// An announced key serves look-ups, and a minute later, when every server knows it, it becomes the
// current one, under which names are written. The MACs that stand are then made anew
// (adapters/sql/index_renewal.hpp), while look-ups try the replaced key as well. It ends when no
// MAC is left that was made with it.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/sql/content_vault.hpp"
#include "adapters/sql/database.hpp"
#include "base/fault.hpp"
#include "base/task.hpp"
#include "base/uuid.hpp"

namespace cruddur::sql {

// MACs of one kind tell nothing of another's.
enum class name_kind : char { email = 'e', handle = 'h', destination = 'd', stand_in = 's' };

// 128 bits of HMAC-SHA-256, as base64url. Look-ups try both.
struct name_macs {
  std::int64_t generation = 0;  // of the current key
  std::string current;
  std::string other;  // under the announced or the replaced key; the same where there is only one
};

// Thread-safe.
class blind_index {
 public:
  static constexpr std::chrono::days life{30};
  static constexpr std::chrono::minutes notice{1};

  // Both outlive it.
  blind_index(database& db, content_vault& vault) : db_{db}, vault_{vault} {}

  // Reads the keys, and makes the first one. Nothing else works before. A key that is lost is made
  // anew: then no name is found until index_renewal has made its MAC.
  task<result<>> open(time_point now);

  // Reads the keys again, which another server may have changed.
  task<result<>> refresh();
  // The same if that was long ago, as it is after the database was out of reach. True when the keys
  // have changed since.
  task<result<bool>> refresh_if_old();

  // The generation of the current key.
  std::int64_t generation() const;
  // `name` in its normal form.
  name_macs macs(name_kind kind, std::string_view name) const;
  // For a name that nobody has: the id under which is stored what concerns it. `id` follows from
  // the name, and so may not be stored itself.
  uuid stand_in(uuid id) const;

  // Opens a record, for work that is to take as long as if a name had been found.
  task<result<>> open_decoy();

  enum class step : std::uint8_t {
    nothing,    // or another server does it
    announced,  // a new key
    switched,   // to the announced key
  };
  // What the current key's age asks for. Call it after refresh().
  task<result<step>> renew(time_point now);

  // Ends the replaced keys under which no MAC is left.
  task<result<>> end_replaced(time_point now);

 private:
  struct index_key {
    std::int64_t generation = 0;
    key_slot slot = 0;
    std::string sealed;
    time_point made_at;
    bool is_current = false;
    bool is_replaced = false;
    // Where keys come with their rows, so that a decoy costs no more than a row that was found.
    std::optional<secret> content_key;
    std::string key;
  };
  struct key_set {
    std::optional<index_key> current;
    std::optional<index_key> other;
    std::int64_t newest = 0;    // generation
    bool has_replaced = false;  // also such as are lost
  };

  // Without a current key where there is none, or it is lost.
  task<result<key_set>> read_keys();
  // True unless another server was faster.
  task<result<bool>> add_key(std::int64_t generation, time_point now, bool is_current);
  void use(key_set read);
  std::shared_ptr<const key_set> keys() const;

  database& db_;
  content_vault& vault_;
  mutable std::mutex mutex_;
  std::shared_ptr<const key_set> keys_;
  std::chrono::steady_clock::time_point read_at_;
};

// First in a transaction that writes MACs which must be unique; $1 the generation. On PostgreSQL no
// other key becomes the current one before its end.
extern const statement lock_index_key;

// True while the generation that is the parameter is the current one.
std::string is_current_index_key(const std::string& generation);

// The MAC to store, so that a unique index refuses a name that stands under the other key.
// `current` and `other` are parameters, as is `owner`, the id of the row that may have it.
std::string unique_mac(const std::string& table, const std::string& column,
                       const std::string& current, const std::string& other,
                       const std::string& owner = {});

// How often a write is tried whose index key was replaced meanwhile.
inline constexpr int index_key_tries = 3;

// What a write gives that lost that race each time.
std::unexpected<fault> index_key_busy();

}  // namespace cruddur::sql
