#include "user_pool/srp.hpp"

#include <stdexcept>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "user_pool/big_number.hpp"

namespace cruddur::user_pool::srp {
namespace {

constexpr std::string_view g_bytes{"\x02", 1};

void check(int status) {
  if (status != 1) throw std::runtime_error("a big number operation failed");
}

// N, k and what makes powers modulo N fast: computed once, then only read.
struct group {
  big_number n{BN_get_rfc3526_prime_3072(nullptr)};
  std::unique_ptr<BN_MONT_CTX, big_number_deleter> montgomery{BN_MONT_CTX_new()};
  big_number g = to_number(g_bytes);
  big_number k;

  group() {
    if (!n || !montgomery) throw std::bad_alloc{};
    const auto context = make_context();
    check(BN_MONT_CTX_set(montgomery.get(), n.get(), context.get()));
    const auto digest = sha256(pad(to_bytes(n.get(), group_bytes)) + pad(g_bytes));
    k = to_number(as_view(digest));
  }

  // base^exponent mod N, in time that does not depend on the exponent's value. base < N.
  big_number power(const BIGNUM* base, BIGNUM* exponent, BN_CTX* context) const {
    auto out = make_number();
    BN_set_flags(exponent, BN_FLG_CONSTTIME);
    check(BN_mod_exp_mont_consttime(out.get(), base, exponent, n.get(), context, montgomery.get()));
    return out;
  }
};

const group& the_group() {
  static const group instance;
  return instance;
}

}  // namespace

std::string pad(std::string_view bytes) {
  const auto first = bytes.find_first_not_of('\0');
  if (first == std::string_view::npos) return std::string(1, '\0');
  bytes.remove_prefix(first);
  std::string out;
  out.reserve(bytes.size() + 1);
  if ((static_cast<unsigned char>(bytes.front()) & 0x80U) != 0) out.push_back('\0');
  out.append(bytes);
  return out;
}

std::string make_verifier(std::string_view pool_name, std::string_view user_id,
                          std::string_view password, std::string_view salt) {
  std::string identity{pool_name};
  identity.append(user_id).append(":").append(password);
  const auto inner = sha256(identity);
  const auto outer = sha256(pad(salt).append(as_view(inner)));
  const auto x = to_number(as_view(outer));
  const auto context = make_context();
  const auto& group = the_group();
  OPENSSL_cleanse(identity.data(), identity.size());
  return to_bytes(group.power(group.g.get(), x.get(), context.get()).get(), group_bytes);
}

std::string public_share(std::string_view verifier, std::string_view secret) {
  const auto& group = the_group();
  const auto context = make_context();
  const auto v = to_number(verifier);
  const auto b = to_number(secret);
  auto share = make_number();
  check(BN_mod_mul(share.get(), group.k.get(), v.get(), group.n.get(), context.get()));
  const auto power = group.power(group.g.get(), b.get(), context.get());
  check(BN_mod_add(share.get(), share.get(), power.get(), group.n.get(), context.get()));
  return to_bytes(share.get(), group_bytes);
}

std::string scrambler(std::string_view client_share, std::string_view server_share) {
  const auto digest = sha256(pad(client_share).append(pad(server_share)));
  return std::string{as_view(digest)};
}

std::optional<std::string> session_key(const exchange& exchange) {
  const auto& group = the_group();
  const auto context = make_context();
  const auto a = to_number(exchange.client_share);
  auto base = make_number();
  check(BN_nnmod(base.get(), a.get(), group.n.get(), context.get()));
  if (BN_is_zero(base.get())) return std::nullopt;

  const std::string u_bytes = scrambler(exchange.client_share, exchange.server_share);
  const auto u = to_number(u_bytes);
  if (BN_is_zero(u.get())) return std::nullopt;

  auto v = to_number(exchange.verifier);
  check(BN_nnmod(v.get(), v.get(), group.n.get(), context.get()));
  const auto b = to_number(exchange.secret);
  const auto v_u = group.power(v.get(), u.get(), context.get());
  check(BN_mod_mul(base.get(), base.get(), v_u.get(), group.n.get(), context.get()));
  const auto s = group.power(base.get(), b.get(), context.get());

  const auto extracted = hmac_sha256(pad(u_bytes), pad(to_bytes(s.get(), group_bytes)));
  const auto expanded = hmac_sha256(as_view(extracted), "Caldera Derived Key\x01");
  return std::string{as_view(expanded).substr(0, key_bytes)};
}

std::string claim(std::string_view key, std::string_view pool_name, std::string_view user_id,
                  std::string_view block, std::string_view timestamp) {
  std::string message{pool_name};
  message.append(user_id).append(block).append(timestamp);
  const auto digest = hmac_sha256(key, message);
  return std::string{as_view(digest)};
}

std::optional<std::string> parse_client_share(std::string_view hex) {
  if (hex.empty() || hex.size() > 2 * (group_bytes + 1)) return std::nullopt;
  std::string even{hex.size() % 2 == 0 ? "" : "0"};
  auto bytes = from_hex(even.append(hex));
  if (!bytes) return std::nullopt;
  const auto first = bytes->find_first_not_of('\0');
  if (first == std::string::npos) return std::nullopt;
  bytes->erase(0, first);
  if (bytes->size() > group_bytes) return std::nullopt;
  return bytes;
}

}  // namespace cruddur::user_pool::srp
