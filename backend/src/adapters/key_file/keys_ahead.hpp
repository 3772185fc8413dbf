// Keys of an extent that were read together and are not yet taken: reading one costs as much as
// reading many.
#pragma once

#include <cstdint>
#include <expected>
#include <vector>

#include "base/secret.hpp"

namespace cruddur::key_file {

// For one thread at a time.
class keys_ahead {
 public:
  // The key at `place` of the extent `number`, whose keys begin at `offset` in the file; or an
  // errno. A key that is taken is kept here no longer.
  std::expected<secret, int> take(int file, std::uint64_t number, std::uint64_t offset,
                                  std::size_t place);

 private:
  std::uint64_t number_ = 0;
  std::size_t first_ = 0;
  std::vector<secret> keys_;
};

}  // namespace cruddur::key_file
