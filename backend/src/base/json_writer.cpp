#include "base/json_writer.hpp"

#include <charconv>
#include <utility>

#include "base/ascii.hpp"

namespace cruddur {

void append_json_string(std::string& output, std::string_view text) {
  output.push_back('"');
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool line_separator = c == 0xe2 && i + 2 < text.size() && text[i + 1] == '\x80' &&
                                (text[i + 2] == '\xa8' || text[i + 2] == '\xa9');
    if (c >= 0x20 && c != '"' && c != '\\' && !line_separator) continue;
    output.append(text.substr(plain, i - plain));
    switch (c) {
      case '"':
        output.append("\\\"");
        break;
      case '\\':
        output.append("\\\\");
        break;
      case '\n':
        output.append("\\n");
        break;
      case '\r':
        output.append("\\r");
        break;
      case '\t':
        output.append("\\t");
        break;
      case 0xe2:
        output.append(text[i + 2] == '\xa8' ? "\\u2028" : "\\u2029");
        i += 2;
        break;
      default:
        output.append("\\u00");
        output.push_back(ascii::hex_digits[c >> 4U]);
        output.push_back(ascii::hex_digits[c & 0xfU]);
    }
    plain = i + 1;
  }
  output.append(text.substr(plain));
  output.push_back('"');
}

void append_number(std::string& output, std::int64_t number) {
  char buffer[24];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, number).ptr;
  output.append(buffer, end);
}

json_object& json_object::text(std::string_view name, std::string_view value) {
  begin(name);
  append_json_string(text_, value);
  return *this;
}

json_object& json_object::number(std::string_view name, std::int64_t value) {
  begin(name);
  append_number(text_, value);
  return *this;
}

json_object& json_object::boolean(std::string_view name, bool value) {
  return json(name, value ? "true" : "false");
}

json_object& json_object::json(std::string_view name, std::string_view value) {
  begin(name);
  text_.append(value);
  return *this;
}

std::string json_object::finish() {
  text_.push_back('}');
  return std::move(text_);
}

void json_object::begin(std::string_view name) {
  if (text_.size() > 1) text_.push_back(',');
  append_json_string(text_, name);
  text_.push_back(':');
}

json_array& json_array::text(std::string_view value) {
  begin();
  append_json_string(text_, value);
  return *this;
}

json_array& json_array::json(std::string_view value) {
  begin();
  text_.append(value);
  return *this;
}

std::string json_array::finish() {
  text_.push_back(']');
  return std::move(text_);
}

void json_array::begin() {
  if (text_.size() > 1) text_.push_back(',');
}

}  // namespace cruddur
