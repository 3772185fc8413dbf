#include "telemetry/log.hpp"

#include <chrono>
#include <mutex>

#include <spdlog/async_logger.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/sinks/stdout_sinks.h>

#include "telemetry/log_line.hpp"

namespace cruddur::telemetry {
namespace {

constexpr std::size_t queue_lines = 8192;

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

spdlog::sink_ptr make_sink(log_options& options) {
  if (options.sink) return std::make_shared<function_sink>(std::move(options.sink));
  if (options.format == log_format::json) {
    return std::make_shared<spdlog::sinks::stdout_sink_mt>();
  }
  return std::make_shared<spdlog::sinks::stdout_color_sink_mt>();
}

}  // namespace

struct program_log::state {
  log_format format;
  log_level least;
  std::shared_ptr<spdlog::details::thread_pool> pool;
  std::shared_ptr<spdlog::async_logger> out;
  std::atomic<std::size_t> reported_losses = 0;

  void put(log_level level, std::string_view message, std::initializer_list<log_field> fields) {
    const auto now =
        std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    const std::string line = format == log_format::json ? json_line(now, level, message, fields)
                                                        : text_line(message, fields);
    out->log(to_spdlog(level), spdlog::string_view_t{line.data(), line.size()});
  }

  void report_losses() {
    const std::size_t lost = pool->overrun_counter();
    const std::size_t known = reported_losses.exchange(lost);
    if (lost > known) {
      put(log_level::warning, "Log lines were lost",
          {{"count", static_cast<std::int64_t>(lost - known)}});
    }
  }
};

program_log::program_log(log_options options) : state_{std::make_unique<state>()} {
  state_->format = options.format;
  state_->least = options.least;
  state_->pool = std::make_shared<spdlog::details::thread_pool>(queue_lines, 1);
  state_->out = std::make_shared<spdlog::async_logger>(
      "cruddur", make_sink(options), state_->pool, spdlog::async_overflow_policy::overrun_oldest);
  state_->out->set_level(spdlog::level::trace);
  state_->out->set_pattern(options.format == log_format::json ? "%v" : "%H:%M:%S.%e %^%-7l%$ %v");
}

program_log::~program_log() {
  state_->report_losses();
  state_->pool.reset();  // waits for what is queued; the logger then ends on this thread
}

bool program_log::is_enabled(log_level level) const {
  return level >= state_->least;
}

void program_log::write(log_level level, std::string_view message,
                        std::initializer_list<log_field> fields) {
  if (!is_enabled(level)) return;
  state_->report_losses();
  state_->put(level, message, fields);
}

}  // namespace cruddur::telemetry
