#pragma once

namespace cruddur {

// One visitor for std::visit out of one function for each alternative.
template <class... Functions>
struct visitor : Functions... {
  using Functions::operator()...;
};

}  // namespace cruddur
