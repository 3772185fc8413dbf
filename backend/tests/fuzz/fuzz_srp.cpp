// Any bytes as a client's share and as a call to the user pool: no key for a share that is a
// multiple of N, and no crash.
#include <cstdlib>

#include "base/encoding.hpp"
#include "user_pool/srp.hpp"
#include "user_pool/wire.hpp"

using namespace cruddur;
using namespace cruddur::user_pool;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  if (const auto body = parse_body(text)) {
    field_reader fields{*body};
    (void)fields.text("Username", max_username_bytes);
    (void)fields.object("AuthParameters");
    (void)fields.attributes("UserAttributes");
  }
  const auto share = srp::parse_client_share(text);
  if (!share) return 0;
  if (share->size() > srp::group_bytes + 1) std::abort();
  // A power of two thousand bits takes a millisecond: now and then is enough.
  if (size % 16 != 0) return 0;
  static const std::string verifier =
      srp::make_verifier("Pool", "id", "password", "0123456789abcdef");
  static const std::string secret(srp::secret_bytes, '\x11');
  static const std::string mine = srp::public_share(verifier, secret);
  const auto key = srp::session_key({*share, mine, secret, verifier});
  if (key && key->size() != srp::key_bytes) std::abort();
  return 0;
}
