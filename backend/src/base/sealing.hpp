// Keys drawn from a secret, and text sealed with such a key: whoever reads or changes what is
// stored learns nothing of the text, and a changed one does not open.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cruddur {

inline constexpr std::size_t sealing_key_bytes = 32;

// A key of sealing_key_bytes for one purpose, which `label` names: HMAC-SHA-256 of the label under
// the secret. The keys of other labels tell nothing of it.
std::string derive_key(std::string_view secret, std::string_view label);

// AES-256-GCM with a random nonce. The `context` is bound to the text but not kept with it; it says
// whose text this is, so that one person's can't be put in the place of another's. Raw bytes: nonce
// (12), text, tag (16).
std::string seal(std::string_view key, std::string_view context, std::string_view text);

// Opens texts one after the other, which costs less than opening each by itself. Its end overwrites
// what was made of the last key. For one thread at a time.
class unsealer {
 public:
  unsealer();
  ~unsealer();
  unsealer(const unsealer&) = delete;
  unsealer& operator=(const unsealer&) = delete;

  // The text, or nothing unless it was sealed with the same key and context.
  std::optional<std::string> open(std::string_view key, std::string_view context,
                                  std::string_view sealed);

 private:
  struct state;
  std::unique_ptr<state> state_;
};

// The same for one text.
std::optional<std::string> unseal(std::string_view key, std::string_view context,
                                  std::string_view sealed);

}  // namespace cruddur
