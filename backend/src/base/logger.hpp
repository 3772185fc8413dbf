// Where a part of the program reports what happened. main/ hands out the one that writes.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <variant>

namespace cruddur {

enum class log_level : std::uint8_t { debug, info, warning, error };

// A named value beside the message. Never a password, code, token, or the body of a request.
struct log_field {
  std::string_view name;  // snake_case
  std::variant<std::string_view, std::int64_t, double, bool> value;
};

// Thread-safe, and quick enough for an event loop.
class logger {
 public:
  virtual ~logger() = default;
  virtual bool is_enabled(log_level level) const = 0;
  // `message` is a constant sentence; what varies goes into the fields. Views are copied.
  virtual void write(log_level level, std::string_view message,
                     std::initializer_list<log_field> fields = {}) = 0;
  // Lines that were written here and reached nobody.
  virtual std::uint64_t lost_lines() const { return 0; }
};

// Drops everything.
class null_logger final : public logger {
 public:
  bool is_enabled(log_level) const override { return false; }
  void write(log_level, std::string_view, std::initializer_list<log_field>) override {}
};

}  // namespace cruddur
