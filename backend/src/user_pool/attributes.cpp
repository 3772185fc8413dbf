#include "user_pool/attributes.hpp"

#include <algorithm>
#include <array>

#include "base/ascii.hpp"
#include "domain/password.hpp"
#include "user_pool/wire.hpp"

namespace cruddur::user_pool {
namespace {

bool is_atom_character(char c) {
  return ascii::is_alphanumeric(c) ||
         std::string_view{"!#$%&'*+-/=?^_`{|}~"}.find(c) != std::string_view::npos;
}

// Whether all parts between dots hold something and are good.
template <class F>
bool every_label(std::string_view text, F is_good) {
  for (;;) {
    const auto dot = text.find('.');
    const auto label = text.substr(0, dot);
    if (label.empty() || !is_good(label)) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

bool is_host_label(std::string_view label) {
  return label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
         std::ranges::all_of(label, [](char c) { return ascii::is_alphanumeric(c) || c == '-'; });
}

}  // namespace

std::optional<std::string> parse_email(std::string_view text) {
  if (text.size() > max_username_bytes) return std::nullopt;
  const auto sign = text.rfind('@');
  if (sign == std::string_view::npos || sign == 0 || sign > 64) return std::nullopt;
  const auto local = text.substr(0, sign);
  const auto host = text.substr(sign + 1);
  const auto is_atom = [](std::string_view label) {
    return std::ranges::all_of(label, is_atom_character);
  };
  if (!every_label(local, is_atom)) return std::nullopt;
  if (host.find('.') == std::string_view::npos || !every_label(host, is_host_label)) {
    return std::nullopt;
  }
  return ascii::lower_case(text);
}

std::optional<std::string> password_problem(std::string_view password, std::string_view email,
                                            std::string_view handle) {
  const std::array<std::string_view, 2> own{email, handle};
  const auto fault = cruddur::check_password(password, own);
  if (!fault) return std::nullopt;
  const std::string policy = "Password did not conform with policy: ";
  switch (*fault) {
    case password_fault::too_short:
      return policy + "Password not long enough";
    case password_fault::too_long:
      return policy + "Password too long";
    case password_fault::too_easy:
      break;
  }
  return policy + "Password too easy to guess";
}

std::string mask_email(std::string_view email) {
  const auto sign = email.rfind('@');
  if (sign == std::string_view::npos || sign == 0 || sign + 1 >= email.size()) return "***";
  return std::string{email[0]} + "***@" + email[sign + 1] + "***";
}

}  // namespace cruddur::user_pool
