// SHA-256 of what comes piece by piece.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <openssl/evp.h>

namespace cruddur {

class running_digest {
 public:
  running_digest() : context_{EVP_MD_CTX_new()} {
    EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr);
  }

  void add(std::string_view piece) { EVP_DigestUpdate(context_.get(), piece.data(), piece.size()); }

  // 32 raw bytes, of all that was added so far. More may be added.
  std::string finish() {
    const std::unique_ptr<EVP_MD_CTX, deleter> copy{EVP_MD_CTX_new()};
    EVP_MD_CTX_copy_ex(copy.get(), context_.get());
    std::string out(32, '\0');
    EVP_DigestFinal_ex(copy.get(), reinterpret_cast<unsigned char*>(out.data()), nullptr);
    return out;
  }

 private:
  struct deleter {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  std::unique_ptr<EVP_MD_CTX, deleter> context_;
};

}  // namespace cruddur
