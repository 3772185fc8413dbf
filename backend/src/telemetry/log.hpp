// The program's log on standard output: coloured text for people, JSON lines for machines.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "base/logger.hpp"

namespace cruddur::telemetry {

enum class log_format : std::uint8_t { text, json };

struct log_options {
  log_format format = log_format::text;
  log_level least = log_level::info;  // lower ones are dropped
  // Where lines go, each with its '\n', on the log's own thread; standard output when empty.
  std::function<void(std::string_view)> sink;
};

// Lines are queued (up to 8192; then the oldest are lost, and a line a minute says how many) and
// written by a thread of the log's own, so writing never waits for the terminal or disk.
class program_log final : public logger {
 public:
  explicit program_log(log_options options);
  // Writes what is queued, for half a second at most where nobody reads it; then says on standard
  // error how many lines were lost.
  ~program_log() override;

  bool is_enabled(log_level level) const override;
  // Drops lines below that level from now on. Thread-safe.
  void set_least(log_level level);
  void write(log_level level, std::string_view message,
             std::initializer_list<log_field> fields = {}) override;
  std::uint64_t lost_lines() const override;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace cruddur::telemetry
