#include "user_pool/key_ring.hpp"

#include <stdexcept>

#include "base/sealing.hpp"

namespace cruddur::user_pool {
namespace {

std::string derive(std::string_view secret, std::string_view purpose) {
  return derive_key(secret, std::string{"cruddur user pool: "}.append(purpose));
}

}  // namespace

key_ring::key_ring(std::string_view secret)
    : verifiers{derive(secret, "verifiers")},
      challenges{derive(secret, "challenges")},
      private_key{derive(secret, "private key")},
      codes{derive(secret, "codes")},
      refresh{derive(secret, "refresh")},
      places{derive(secret, "places")},
      phantoms{derive(secret, "phantoms")} {
  if (secret.size() != pool_secret_bytes) {
    throw std::invalid_argument("the user pool's secret must be 32 bytes");
  }
}

}  // namespace cruddur::user_pool
