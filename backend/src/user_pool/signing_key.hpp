// The RSA-2048 key that signs the pool's tokens (RS256). Made once, sealed, and shared by all
// server processes on one database.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/fault.hpp"
#include "base/task.hpp"
#include "ports/key_store.hpp"
#include "runtime/blocking_pool.hpp"
#include "user_pool/key_ring.hpp"

namespace cruddur::user_pool {

// Thread-safe.
class signing_key {
 public:
  static std::shared_ptr<const signing_key> generate();  // takes about 100 ms
  // Of what private_bytes() gave; null for other bytes.
  static std::shared_ptr<const signing_key> read(std::string_view private_bytes);
  ~signing_key();
  signing_key(const signing_key&) = delete;
  signing_key& operator=(const signing_key&) = delete;

  const std::string& id() const { return id_; }      // `kid`: the thumbprint of RFC 7638
  const std::string& jwks() const { return jwks_; }  // the public key as a JSON Web Key Set
  std::string private_bytes() const;                 // PKCS #8, DER

  // RSASSA-PKCS1-v1_5 with SHA-256, 256 raw bytes. Takes up to a millisecond.
  std::string sign(std::string_view text) const;

 private:
  struct key;
  explicit signing_key(std::unique_ptr<key> held);

  std::unique_ptr<key> key_;
  std::string id_;
  std::string jwks_;
};

// The key of the store, made when there is none yet. Fault (unavailable): secret_mismatch when the
// store's key was sealed with another secret, in words for the operator; database_unavailable.
task<result<std::shared_ptr<const signing_key>>> load_signing_key(key_store& store,
                                                                  std::string secret,
                                                                  runtime::blocking_pool& pool,
                                                                  time_point now);

}  // namespace cruddur::user_pool
