#include "config/spelling.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>
#include <unistd.h>

#include "base/ascii.hpp"
#include "config/settings.hpp"
#include "config/values.hpp"

namespace cruddur::config {
namespace {

constexpr std::string_view own_prefix = "CRUDDUR_";
constexpr std::size_t longest_word = 64;

// How many letters to add, drop, change or swap with the next one (optimal string alignment).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(last.begin(), last.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, change});
      const bool is_swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (is_swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

// A short word is near many others, so it may differ by less.
std::size_t tolerance(std::size_t length) {
  return length < 5 ? 1 : length < 8 ? 2 : 3;
}

// Whether a name that another program may use is so near that it is hardly chance.
bool is_misspelt(std::string_view name, std::string_view setting) {
  const std::size_t off = distance(name, setting);
  if (off == 0) return true;
  if (setting.size() < 5) return off == 1 && std::ranges::is_permutation(name, setting);
  return off <= (setting.size() < 9 ? 1 : 2);
}

std::string upper(std::string_view text) {
  std::string out{text};
  std::ranges::transform(out, out.begin(),
                         [](char c) { return c == '-' ? '_' : ascii::to_upper(c); });
  return out;
}

std::vector<std::string_view> setting_names() {
  std::vector<std::string_view> out;
  for (const declaration& each : declarations()) out.push_back(each.name);
  return out;
}

}  // namespace

std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates) {
  std::string_view best;
  std::size_t least = std::string_view::npos;
  if (word.size() > longest_word) return best;
  for (const std::string_view each : candidates) {
    const std::size_t off = distance(word, each);
    if (off > tolerance(each.size()) || off >= least) continue;
    best = each;
    least = off;
  }
  return best;
}

std::vector<std::string> complain_about(const std::vector<std::string>& names) {
  const auto settings = setting_names();
  std::vector<std::string> out;
  for (const std::string& name : names) {
    if (std::ranges::find(settings, name) != settings.end()) continue;
    const std::string spelt = upper(name);
    const bool is_own = spelt.starts_with(own_prefix);
    std::string_view meant = nearest(spelt, settings);
    if (meant.empty() && is_own) {
      meant = nearest(std::string_view{spelt}.substr(own_prefix.size()), settings);
    }
    if (!is_own && (meant.empty() || !is_misspelt(spelt, meant))) continue;
    // A short name in lower case belongs to a shell or a desktop rather than to us.
    if (!is_own && meant.size() < 5 && name != spelt) continue;
    std::string sentence = name + " is no setting";
    if (!meant.empty()) sentence += fmt::format("; did you mean {}?", meant);
    out.push_back(std::move(sentence));
  }
  return out;
}

std::vector<std::string> environment_names() {
  std::vector<std::string> out;
  for (char** each = environ; each != nullptr && *each != nullptr; ++each) {
    const std::string_view entry{*each};
    out.emplace_back(entry.substr(0, entry.find('=')));
  }
  std::ranges::sort(out);
  return out;
}

}  // namespace cruddur::config
