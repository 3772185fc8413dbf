// Writes log lines to a file descriptor without ever being held up for good: when nobody reads the
// other end, the lines wait for a while and are then dropped.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>

#include <spdlog/sinks/base_sink.h>

namespace cruddur::telemetry {

enum class line_colour : std::uint8_t { plain, by_level };

class stream_sink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  // The descriptor stays open. Colours only where it is a terminal.
  stream_sink(int descriptor, line_colour colour);

  // From now on lines have half a second in all to be taken. Thread-safe.
  void hurry();

  // Lines that were dropped. Thread-safe.
  std::uint64_t dropped() const { return dropped_; }

 private:
  void sink_it_(const spdlog::details::log_msg& message) override;
  void flush_() override {}
  bool wait_until_writable();
  bool put(const char* data, std::size_t size);

  const int descriptor_;
  const bool coloured_;
  std::atomic<std::int64_t> end_ms_{0};  // on the steady clock; 0 while there is no hurry
  std::atomic<std::uint64_t> dropped_{0};
};

}  // namespace cruddur::telemetry
