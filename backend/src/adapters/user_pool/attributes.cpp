#include "adapters/user_pool/attributes.hpp"

#include <algorithm>
#include <array>

#include "adapters/user_pool/wire.hpp"

namespace cruddur::user_pool {
namespace {

constexpr std::size_t min_password = 8;

// The most used passwords of eight characters and more, as breach collections count them.
constexpr std::array<std::string_view, 36> common_passwords = {
    "password",  "12345678", "123456789", "1234567890", "qwertyuiop", "password1",
    "qwerty123", "1q2w3e4r", "11111111",  "iloveyou",   "sunshine",   "princess",
    "football",  "baseball", "superman",  "trustno1",   "welcome1",   "1qaz2wsx",
    "00000000",  "87654321", "88888888",  "abcd1234",   "abc12345",   "password123",
    "passw0rd",  "letmein1", "charlie1",  "1234qwer",   "q1w2e3r4",   "qwerty12",
    "asdfghjkl", "computer", "michelle",  "starwars",   "whatever",   "1q2w3e4r5t"};

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_atom_character(char c) {
  return is_alphanumeric(c) ||
         std::string_view{"!#$%&'*+-/=?^_`{|}~"}.find(c) != std::string_view::npos;
}

// Calls `good` with each part between dots; false as soon as one is empty or not good.
template <class F>
bool every_label(std::string_view text, F good) {
  for (;;) {
    const auto dot = text.find('.');
    const auto label = text.substr(0, dot);
    if (label.empty() || !good(label)) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

bool is_host_label(std::string_view label) {
  return label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
         std::ranges::all_of(label, [](char c) { return is_alphanumeric(c) || c == '-'; });
}

}  // namespace

std::string lower_case(std::string_view ascii) {
  std::string out{ascii};
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::optional<std::string> parse_email(std::string_view text) {
  if (text.size() > max_username_bytes) return std::nullopt;
  const auto at = text.rfind('@');
  if (at == std::string_view::npos || at == 0 || at > 64) return std::nullopt;
  const auto local = text.substr(0, at);
  const auto host = text.substr(at + 1);
  const auto is_atom = [](std::string_view label) {
    return std::ranges::all_of(label, is_atom_character);
  };
  if (!every_label(local, is_atom)) return std::nullopt;
  if (host.find('.') == std::string_view::npos || !every_label(host, is_host_label)) {
    return std::nullopt;
  }
  return lower_case(text);
}

std::optional<std::string> password_fault(std::string_view password, std::string_view email,
                                          std::string_view handle) {
  const auto because = [](std::string_view why) {
    return "Password did not conform with policy: " + std::string{why};
  };
  if (password.size() < min_password) return because("Password not long enough");
  if (password.size() > max_password_bytes) return because("Password too long");
  const std::string lower = lower_case(password);
  if (lower == email || lower == handle ||
      std::ranges::find(common_passwords, lower) != common_passwords.end()) {
    return because("Password too easy to guess");
  }
  return std::nullopt;
}

std::string mask_email(std::string_view email) {
  const auto at = email.rfind('@');
  if (at == std::string_view::npos || at == 0 || at + 1 >= email.size()) return "***";
  return std::string{email[0]} + "***@" + email[at + 1] + "***";
}

}  // namespace cruddur::user_pool
