// Any bytes as an access token or a key set: never accepted, never a crash.
#include <cstdlib>

#include "adapters/tokens/jwt.hpp"
#include "adapters/tokens/key_set.hpp"

using namespace cruddur::tokens;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  (void)parse_key_set(text);
  const auto token = split_jwt(text);
  if (!token) return 0;
  if (text.size() > max_token_bytes || token->key_id.empty()) std::abort();
  (void)read_claims(*token);
  return 0;
}
