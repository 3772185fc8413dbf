#include "base/json_writer.hpp"

#include <charconv>
#include <utility>

#include "base/ascii.hpp"

namespace cruddur {

void append_json_string(std::string& out, std::string_view text) {
  out.push_back('"');
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool line_separator = c == 0xe2 && i + 2 < text.size() && text[i + 1] == '\x80' &&
                                (text[i + 2] == '\xa8' || text[i + 2] == '\xa9');
    if (c >= 0x20 && c != '"' && c != '\\' && !line_separator) continue;
    out.append(text.substr(plain, i - plain));
    switch (c) {
      case '"':
        out.append("\\\"");
        break;
      case '\\':
        out.append("\\\\");
        break;
      case '\n':
        out.append("\\n");
        break;
      case '\r':
        out.append("\\r");
        break;
      case '\t':
        out.append("\\t");
        break;
      case 0xe2:
        out.append(text[i + 2] == '\xa8' ? "\\u2028" : "\\u2029");
        i += 2;
        break;
      default:
        out.append("\\u00");
        out.push_back(ascii::hex_digits[c >> 4U]);
        out.push_back(ascii::hex_digits[c & 0xfU]);
    }
    plain = i + 1;
  }
  out.append(text.substr(plain));
  out.push_back('"');
}

void append_number(std::string& out, std::int64_t number) {
  char buffer[24];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, number).ptr;
  out.append(buffer, end);
}

json_object& json_object::text(std::string_view name, std::string_view value) {
  begin(name);
  append_json_string(out_, value);
  return *this;
}

json_object& json_object::number(std::string_view name, std::int64_t value) {
  begin(name);
  append_number(out_, value);
  return *this;
}

json_object& json_object::boolean(std::string_view name, bool value) {
  return json(name, value ? "true" : "false");
}

json_object& json_object::json(std::string_view name, std::string_view value) {
  begin(name);
  out_.append(value);
  return *this;
}

std::string json_object::finish() {
  out_.push_back('}');
  return std::move(out_);
}

void json_object::begin(std::string_view name) {
  if (out_.size() > 1) out_.push_back(',');
  append_json_string(out_, name);
  out_.push_back(':');
}

json_array& json_array::text(std::string_view value) {
  begin();
  append_json_string(out_, value);
  return *this;
}

json_array& json_array::json(std::string_view value) {
  begin();
  out_.append(value);
  return *this;
}

std::string json_array::finish() {
  out_.push_back(']');
  return std::move(out_);
}

void json_array::begin() {
  if (out_.size() > 1) out_.push_back(',');
}

}  // namespace cruddur
