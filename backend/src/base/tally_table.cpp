#include "base/tally_table.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <string>

#include "base/digest.hpp"
#include "base/random.hpp"

namespace cruddur {

name_hash::name_hash() : seed_{random_below(std::numeric_limits<std::uint64_t>::max())} {}

std::uint64_t name_hash::operator()(std::string_view name) const {
  std::string text(reinterpret_cast<const char*>(&seed_), sizeof seed_);
  text += name;
  std::uint64_t out = 0;
  std::memcpy(&out, sha256(text).data(), sizeof out);
  return std::max<std::uint64_t>(out, 1);
}

}  // namespace cruddur
