#include "telemetry/log_line.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/json_writer.hpp"
#include "base/utf8.hpp"

namespace cruddur::telemetry {
namespace {

bool is_plain(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return c > 0x20 && c < 0x7f && c != '"' && c != '=' && c != '\\';
  });
}

void append_json_value(std::string& output, const log_field& field) {
  if (const auto* text = std::get_if<std::string_view>(&field.value)) {
    append_json_string(output, replace_invalid_utf8(*text));
  } else if (const auto* number = std::get_if<std::int64_t>(&field.value)) {
    append_number(output, *number);
  } else if (const auto* real = std::get_if<double>(&field.value)) {
    output += *real - *real == 0 ? fmt::format("{}", *real) : "null";  // JSON has no infinity
  } else {
    output += std::get<bool>(field.value) ? "true" : "false";
  }
}

}  // namespace

std::string_view to_string(log_level level) {
  switch (level) {
    case log_level::debug:
      return "debug";
    case log_level::info:
      return "info";
    case log_level::warning:
      return "warning";
    case log_level::error:
      break;
  }
  return "error";
}

std::string replace_invalid_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = utf8_sequence_length(text);
    if (length == 0) {
      out += '?';
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

std::string json_line(time_point moment, log_level level, std::string_view message,
                      std::initializer_list<log_field> fields) {
  std::string out = "{\"time\":\"";
  append_rfc3339(out, moment);
  out += "\",\"level\":\"";
  out += to_string(level);
  out += "\",\"message\":";
  append_json_string(out, replace_invalid_utf8(message));
  for (const log_field& each : fields) {
    out += ',';
    append_json_string(out, each.name);
    out += ':';
    append_json_value(out, each);
  }
  out += '}';
  return out;
}

std::string text_line(std::string_view message, std::initializer_list<log_field> fields) {
  std::string out;
  for (const char c : replace_invalid_utf8(message)) {
    out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  }
  for (const log_field& each : fields) {
    out += ' ';
    out += each.name;
    out += '=';
    const auto* text = std::get_if<std::string_view>(&each.value);
    if (text != nullptr && is_plain(*text)) {
      out += *text;
    } else {
      append_json_value(out, each);
    }
  }
  return out;
}

}  // namespace cruddur::telemetry
