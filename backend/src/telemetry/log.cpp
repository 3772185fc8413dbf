#include "telemetry/log.hpp"

#include <chrono>
#include <mutex>

#include <poll.h>
#include <spdlog/async_logger.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

#include "telemetry/log_line.hpp"
#include "telemetry/stream_sink.hpp"

namespace cruddur::telemetry {
namespace {

constexpr std::size_t queue_lines = 8192;
constexpr std::int64_t quiet_ms = 60'000;  // between two reports of lost lines

std::int64_t steady_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

spdlog::level::level_enum to_spdlog(log_level level) {
  switch (level) {
    case log_level::debug:
      return spdlog::level::debug;
    case log_level::info:
      return spdlog::level::info;
    case log_level::warning:
      return spdlog::level::warn;
    case log_level::error:
      break;
  }
  return spdlog::level::err;
}

class function_sink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit function_sink(std::function<void(std::string_view)> target)
      : target_{std::move(target)} {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    target_({line.data(), line.size()});
  }
  void flush_() override {}

  std::function<void(std::string_view)> target_;
};

// Writes to standard error, as far as somebody reads it.
void say_lost(std::uint64_t lines) {
  pollfd other{STDERR_FILENO, POLLOUT, 0};
  if (lines == 0 || ::poll(&other, 1, 0) <= 0 || (other.revents & POLLOUT) == 0) return;
  const std::string sentence =
      "cruddur: " + std::to_string(lines) + " log lines were lost, because nobody read them\n";
  (void)!::write(STDERR_FILENO, sentence.data(), sentence.size());
}

}  // namespace

struct program_log::state {
  log_format format;
  std::atomic<log_level> least;
  std::shared_ptr<stream_sink> stream;  // null with a sink of the caller's
  std::shared_ptr<spdlog::details::thread_pool> pool;
  std::shared_ptr<spdlog::async_logger> out;
  std::atomic<std::size_t> reported_losses = 0;
  std::atomic<std::int64_t> next_report = 0;  // on the steady clock, ms

  void put(log_level level, std::string_view message, std::initializer_list<log_field> fields) {
    const auto now =
        std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    const std::string line = format == log_format::json ? json_line(now, level, message, fields)
                                                        : text_line(message, fields);
    out->log(to_spdlog(level), spdlog::string_view_t{line.data(), line.size()});
  }

  // Not sooner than a minute after the last report, and not while the queue is full: the line would
  // push out another.
  void report_losses_in_time() {
    const std::int64_t now = steady_ms();
    if (now < next_report || pool->queue_size() >= queue_lines / 2) return;
    report_losses(now);
  }

  void report_losses(std::int64_t now) {
    const std::size_t lost = pool->overrun_counter();
    const std::size_t known = reported_losses.exchange(lost);
    if (lost > known) {
      next_report = now + quiet_ms;
      put(log_level::warning, "Log lines were lost",
          {{"count", static_cast<std::int64_t>(lost - known)}});
    }
  }
};

program_log::program_log(log_options options) : state_{std::make_unique<state>()} {
  state_->format = options.format;
  state_->least = options.least;
  state_->pool = std::make_shared<spdlog::details::thread_pool>(queue_lines, 1);
  spdlog::sink_ptr sink;
  if (options.sink) {
    sink = std::make_shared<function_sink>(std::move(options.sink));
  } else {
    state_->stream = std::make_shared<stream_sink>(STDOUT_FILENO, options.format == log_format::text
                                                                      ? line_colour::by_level
                                                                      : line_colour::plain);
    sink = state_->stream;
  }
  state_->out = std::make_shared<spdlog::async_logger>(
      "cruddur", std::move(sink), state_->pool, spdlog::async_overflow_policy::overrun_oldest);
  state_->out->set_level(spdlog::level::trace);
  state_->out->set_pattern(options.format == log_format::json ? "%v" : "%H:%M:%S.%e %^%-7l%$ %v");
}

program_log::~program_log() {
  if (state_->stream) state_->stream->hurry();
  state_->report_losses(steady_ms());
  state_->pool.reset();  // waits for what is queued; the logger then ends on this thread
  if (state_->stream) say_lost(state_->stream->dropped());
}

bool program_log::is_enabled(log_level level) const {
  return level >= state_->least;
}

void program_log::set_least(log_level level) {
  state_->least = level;
}

std::uint64_t program_log::lost_lines() const {
  return state_->pool->overrun_counter() + (state_->stream ? state_->stream->dropped() : 0);
}

void program_log::write(log_level level, std::string_view message,
                        std::initializer_list<log_field> fields) {
  if (!is_enabled(level)) return;
  state_->report_losses_in_time();
  state_->put(level, message, fields);
}

}  // namespace cruddur::telemetry
