// What the connections of all loops to one database share: who has a connection, and what the log
// was told of it.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/sql/driver_fault.hpp"

namespace cruddur::postgres {

class connection_group;

// Thread-safe.
class common_state {
 public:
  common_state(std::string database_url, std::function<void(const std::string&)> on_error,
               sql::refusal_hook on_refusal);

  // Names the groups of all loops, and how many connections they are to have together. Call it
  // once, before any of them starts.
  void join(std::vector<std::weak_ptr<connection_group>> groups, int connections);

  // Whether the database is out of reach: no connection is open and the last attempt at each
  // failed.
  bool is_away() const { return viable_ == 0; }

  // A group other than this one that has a connection, each in its turn; null when there is none.
  std::shared_ptr<connection_group> other_group(const connection_group& group);

  // What became of a connection. `was_viable`: whether its last attempt to open had not failed.
  void note_opened(bool was_viable);
  void note_closed();
  void note_failed_attempt(bool was_viable, const std::string& reason);

  // Sentences for the log. The first two are said once, however many connections notice. They throw
  // what the log throws.
  void report_lost(const std::string& reason);
  void report_restored();
  void report(const std::string& sentence);

  // Tells the log that a connection met an exception. Never throws.
  void report_exception(std::string_view reason);

  // Calls the hook for a request that is refused.
  void report_refusal(sql::driver_fault kind, std::string_view detail);

  const std::string url;

  // Requests that came and are not answered yet.
  std::atomic<std::size_t> waiting{0};

 private:
  void report_shortage(const std::string& reason, int open);
  void notify_groups();

  const std::function<void(const std::string&)> on_error_;
  const sql::refusal_hook on_refusal_;
  std::vector<std::weak_ptr<connection_group>> groups_;
  int connections_ = 0;
  // Connections that are open, or whose last attempt to open has not failed.
  std::atomic<int> viable_{0};
  // Connections that are open.
  std::atomic<int> open_{0};
  std::atomic<std::size_t> turn_{0};
  // Whether the log was told last that the database is out of reach, or short of connections.
  std::atomic<bool> loss_is_reported_{false};
  std::atomic<bool> shortage_is_reported_{false};
};

}  // namespace cruddur::postgres
