// What the connections of all loops to one database share.
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

  // The groups of all loops and how many connections they are to have together; once, before any of
  // them starts.
  void join(std::vector<std::weak_ptr<connection_group>> groups, int connections);

  // Whether no connection is open and the last attempt at each has failed.
  bool is_away() const { return hopeful_ == 0; }

  // A group other than this one that has a connection, by turns; null when there is none.
  std::shared_ptr<connection_group> host_for(const connection_group& other);

  // Each connection tells what becomes of it. `was_hopeful`: whether its last attempt did not fail.
  void opened(bool was_hopeful);
  void closed();
  void gave_up(bool was_hopeful, const std::string& reason);

  // Sentences for the log, said once however many connections notice; they throw what the log does.
  void lost(const std::string& reason);
  void restored();
  void failed(const std::string& sentence);
  void broke(std::string_view reason);  // an exception; never throws

  void refused(sql::driver_fault kind, std::string_view detail);

  const std::string url;
  std::atomic<std::size_t> waiting{0};  // requests that came and are not answered

 private:
  void scarce(const std::string& reason, int open);
  void tell_groups();

  const std::function<void(const std::string&)> on_error_;
  const sql::refusal_hook on_refusal_;
  std::vector<std::weak_ptr<connection_group>> groups_;
  int connections_ = 0;
  std::atomic<int> hopeful_{0};  // connections
  std::atomic<int> open_{0};     // connections
  std::atomic<std::size_t> turn_{0};
  std::atomic<bool> down_{false};    // it was told
  std::atomic<bool> scarce_{false};  // it was told
};

}  // namespace cruddur::postgres
