#include "adapters/smtp/message.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/ascii.hpp"
#include "base/encoding.hpp"

namespace cruddur::smtp {
namespace {

constexpr std::size_t max_line = 76;

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
}

std::string_view trim(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

bool is_address(std::string_view text) {
  const auto sign = text.find('@');
  return text.size() <= 254 && sign != std::string_view::npos && sign > 0 &&
         sign + 1 < text.size() && text.find('@', sign + 1) == std::string_view::npos &&
         std::ranges::none_of(text, [](char c) {
           return c <= 0x20 || c >= 0x7f || c == '<' || c == '>' || c == ',' || c == ';' ||
                  c == '"' || c == '(' || c == ')' || c == ':' || c == '\\';
         });
}

std::string write_mailbox(const mailbox& box) {
  if (box.name.empty()) return "<" + box.address + ">";
  const bool is_atom =
      std::ranges::all_of(box.name, [](char c) { return ascii::is_alphanumeric(c) || c == ' '; });
  std::string name = is_atom ? box.name : encode_header(box.name);
  if (!is_atom && name == box.name) {
    // Printable ASCII with characters that are special outside quotes.
    name = "\"";
    for (const char c : box.name) {
      if (c == '"' || c == '\\') name.push_back('\\');
      name.push_back(c);
    }
    name.push_back('"');
  }
  return name + "\r\n <" + box.address + ">";
}

}  // namespace

std::optional<mailbox> parse_mailbox(std::string_view text) {
  if (std::ranges::any_of(text, is_control)) return std::nullopt;
  mailbox out;
  const auto open = text.rfind('<');
  if (open == std::string_view::npos) {
    out.address = trim(text);
  } else {
    const auto rest = trim(text.substr(open + 1));
    if (!rest.ends_with('>')) return std::nullopt;
    out.address = rest.substr(0, rest.size() - 1);
    auto name = trim(text.substr(0, open));
    if (name.size() >= 2 && name.front() == '"' && name.back() == '"') {
      name = name.substr(1, name.size() - 2);
    }
    out.name = name;
  }
  if (!is_address(out.address)) return std::nullopt;
  return out;
}

std::string mail_date(time_point moment) {
  constexpr std::array days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{moment - day};
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000",
                     days[std::chrono::weekday{day}.c_encoding()],
                     static_cast<unsigned>(date.day()),
                     months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

std::string encode_header(std::string_view text) {
  std::string clean{text};
  std::ranges::replace_if(clean, is_control, ' ');
  // A reader would take "=?" for the start of an encoded word.
  if (is_plain(clean) && clean.size() <= 60 && clean.find("=?") == std::string::npos) return clean;

  // An encoded word holds whole characters and is at most 75 long: 45 bytes in base64.
  constexpr std::size_t max_bytes = 45;
  std::string out;
  std::string_view rest = clean;
  while (!rest.empty()) {
    std::size_t size = std::min(max_bytes, rest.size());
    while (size > 1 && size < rest.size() &&
           (static_cast<unsigned char>(rest[size]) & 0xc0U) == 0x80U) {
      --size;
    }
    if (!out.empty()) out.append("\r\n ");
    out.append("=?UTF-8?B?").append(to_base64(rest.substr(0, size))).append("?=");
    rest.remove_prefix(size);
  }
  return out;
}

std::string quoted_printable(std::string_view text) {
  std::string out;
  std::size_t column = 0;
  const auto put = [&](std::string_view piece) {
    if (column + piece.size() > max_line - 1) {
      out.append("=\r\n");
      column = 0;
    }
    out.append(piece);
    column += piece.size();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') {
      out.append("\r\n");
      column = 0;
      continue;
    }
    const bool line_ends = i + 1 == text.size() || text[i + 1] == '\n';
    const bool is_literal = (c > 0x20 && c < 0x7f && c != '=' && !(c == '.' && column == 0)) ||
                            (c == ' ' && !line_ends);
    if (is_literal) {
      put({&c, 1});
    } else {
      put(fmt::format("={:02X}", static_cast<unsigned char>(c)));
    }
  }
  return out;
}

std::string compose_message(const mailbox& sender, const mailbox& recipient, const mail& mail,
                            std::string_view message_id, time_point now) {
  std::string out;
  const auto header = [&out](std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
  };
  header("From", write_mailbox(sender));
  header("To", write_mailbox(recipient));
  header("Subject", encode_header(mail.subject));
  header("Date", mail_date(now));
  header("Message-ID", message_id);
  header("Auto-Submitted", "auto-generated");  // RFC 3834: keeps holiday answers away
  header("MIME-Version", "1.0");
  header("Content-Type", "text/plain; charset=utf-8");
  header("Content-Transfer-Encoding", "quoted-printable");
  out.append("\r\n").append(quoted_printable(mail.text));
  if (!out.ends_with("\r\n")) out.append("\r\n");
  return out;
}

}  // namespace cruddur::smtp
