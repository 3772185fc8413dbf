#include "user_pool/phantoms.hpp"

#include <cstring>

#include "base/digest.hpp"
#include "user_pool/srp.hpp"

namespace cruddur::user_pool {

uuid phantom_id(const key_ring& keys, std::string_view name) {
  const auto digest = hmac_sha256(keys.phantoms, std::string{"id:"}.append(name));
  uuid id;
  std::memcpy(id.bytes.data(), digest.data(), id.bytes.size());
  id.bytes[6] = static_cast<std::uint8_t>(0x40U | (id.bytes[6] & 0x0fU));
  id.bytes[8] = static_cast<std::uint8_t>(0x80U | (id.bytes[8] & 0x3fU));
  return id;
}

std::string phantom_salt(const key_ring& keys, const uuid& id) {
  const auto digest = hmac_sha256(keys.phantoms, "salt:" + to_string(id));
  return std::string{as_view(digest).substr(0, srp::salt_bytes)};
}

std::string phantom_verifier(const key_ring& keys, const uuid& id) {
  std::string out;
  for (char block = 'a'; out.size() < srp::group_bytes; ++block) {
    const auto digest = hmac_sha256(keys.phantoms, "verifier:" + to_string(id) + block);
    out.append(as_view(digest));
  }
  out.resize(srp::group_bytes);
  // N starts with 0xff, so a number without its top bit is below N.
  out[0] = static_cast<char>(static_cast<unsigned char>(out[0]) & 0x7fU);
  return out;
}

}  // namespace cruddur::user_pool
