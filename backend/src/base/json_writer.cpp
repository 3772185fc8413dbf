#include "base/json_writer.hpp"

#include <charconv>

namespace cruddur {

void append_json_string(std::string& out, std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
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
        out.push_back(digits[c >> 4U]);
        out.push_back(digits[c & 0xfU]);
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

}  // namespace cruddur
