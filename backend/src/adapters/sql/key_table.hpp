// Content keys in a table of a PostgreSQL database, for several servers that share it.
//
// A server reserves a block of 1,024 slots ahead, with their keys, in one transaction, and gives
// them out from memory for half an hour; the next block is fetched before the last is used up. A
// block older than an hour is settled, by whichever server comes first: those of its keys that no
// content was stored under are destroyed.
//
// A destroyed key stays readable in the files of its table, so the keys that are in use are copied
// to new files from time to time and the old files are given back (migration 0016): within an hour
// of its end a key's bytes are in no file of the table. What else keeps them is told at the start
// (adapters/postgres/kept_log.hpp).
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "adapters/sql/database.hpp"
#include "base/clock.hpp"
#include "ports/content_keys.hpp"
#include "ports/ended_keys.hpp"

namespace cruddur::sql {

// Thread-safe.
class key_table : public content_keys {
 public:
  static constexpr std::size_t block = 1024;

  // Both outlive it.
  key_table(database& db, const clock& clock) : db_{db}, clock_{clock} {}

  task<result<std::vector<reserved_key>>> reserve(std::size_t count, key_term term) override;
  task<result<std::vector<std::optional<secret>>>> load(std::vector<key_slot> slots) override;
  task<result<>> destroy(std::vector<key_slot> slots) override;

  // Settles blocks that were reserved more than an hour ago.
  task<result<>> settle(ended_keys& contents);

  // Copies the keys to new files, if any were destroyed since that began last and it began at least
  // `pause` ago; goes on with what another server left half done. Servers may do this at
  // once. Reads wait for 40 ms at most, whoever adds or destroys keys for a batch; between two
  // batches it rests as long as the last one took. Fault: contended when somebody read for longer
  // than that; ask again.
  static constexpr std::chrono::minutes rewrite_pause{40};
  task<result<>> rewrite(std::chrono::minutes pause = rewrite_pause);

 private:
  struct stocked_key {
    secret key;
    time_point reserved_at;
  };

  // Those that are in stock for too long are left to settle(), which destroys them.
  void drop_old();
  void stock(const query_result& made, std::string_view keys, time_point now);
  // Takes up to `count` keys.
  void take(std::vector<reserved_key>& out, std::size_t count);
  // Leaves out slots that are in stock, and so were never given out.
  std::vector<key_slot> given_out(std::vector<key_slot> slots);
  // Whether the caller is to fetch the next block.
  bool begin_restock();
  task<result<>> restock();
  task<> refill();

  database& db_;
  const clock& clock_;
  std::mutex mutex_;
  std::map<key_slot, stocked_key> stock_;
  bool is_restocking_ = false;
};

}  // namespace cruddur::sql
