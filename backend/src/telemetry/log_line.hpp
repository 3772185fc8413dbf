// How one log entry looks. Bytes that are not UTF-8 become '?', and control characters are escaped,
// so that an entry is always one line.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/logger.hpp"

namespace cruddur::telemetry {

std::string_view to_string(log_level level);

// {"time":"2026-11-22T08:00:00.000Z","level":"info","message":"…","name":value,…}
std::string json_line(time_point moment, log_level level, std::string_view message,
                      std::initializer_list<log_field> fields);

// message name=value name="a value with spaces"; the time and level are put before it elsewhere.
std::string text_line(std::string_view message, std::initializer_list<log_field> fields);

std::string replace_invalid_utf8(std::string_view text);

}  // namespace cruddur::telemetry
