// The published vector, the client's arithmetic against the server's, and input that a client must
// not get through with.
#include "user_pool/srp.hpp"

#include <gtest/gtest.h>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "support/srp_client.hpp"
#include "user_pool/challenge.hpp"

namespace cruddur {
namespace {

namespace srp = user_pool::srp;

const std::string pool_name = "Local0001";
const std::string user_id = "11111111-2222-4333-8444-555555555555";
const std::string password = "Sup3r-secret!";
const std::string salt_hex = "00000b1c2d3e4f5061728394a5b6c7d8";
const std::string timestamp = "Sat Sep 5 07:08:09 UTC 2026";

struct vector_exchange {
  testing::srp_client client{as_view(sha256("client-a"))};
  std::string secret{as_view(sha256("server-b"))};
  std::string verifier =
      srp::make_verifier(pool_name, user_id, password, from_hex(salt_hex).value());
  std::string server_share = srp::public_share(verifier, secret);
  std::string client_share = srp::parse_client_share(client.share_hex()).value();
};

TEST(srp, gives_the_published_scrambler_key_and_signature) {
  const vector_exchange of;
  EXPECT_EQ(to_hex(srp::scrambler(of.client_share, of.server_share)),
            "8d7e4d426e29032eccae2dc3fc79b93928dea00792209373d07fb82d3779c668");
  const auto key =
      srp::session_key({of.client_share, of.server_share, of.secret, of.verifier}).value();
  EXPECT_EQ(to_hex(key), "bc39a0761c90e01846edb527a7386a91");
  EXPECT_EQ(to_base64(srp::claim(key, pool_name, user_id, "opaque-server-state", timestamp)),
            "bl/nyCLBG2hhKixhVJLUH784t1KE1u1s7Q2B/3T+MKc=");
}

TEST(srp, client_and_server_agree_on_the_key) {
  const vector_exchange of;
  const auto server = srp::session_key({of.client_share, of.server_share, of.secret, of.verifier});
  EXPECT_EQ(of.client.key(pool_name, user_id, password, salt_hex, to_hex(of.server_share)),
            server.value());
  EXPECT_NE(of.client.key(pool_name, user_id, "another", salt_hex, to_hex(of.server_share)),
            server.value());
}

TEST(srp, refuses_a_client_share_that_is_a_multiple_of_the_prime) {
  vector_exchange of;
  BIGNUM* const prime = BN_get_rfc3526_prime_3072(nullptr);
  std::string n(srp::group_bytes, '\0');
  BN_bn2bin(prime, reinterpret_cast<unsigned char*>(n.data()));
  BN_free(prime);
  for (const std::string& share : {n, std::string(srp::group_bytes, '\0'), std::string{}}) {
    EXPECT_FALSE(srp::session_key({share, of.server_share, of.secret, of.verifier}));
  }
}

TEST(srp, reads_a_client_share_only_as_hexadecimal_of_bounded_length) {
  EXPECT_EQ(srp::parse_client_share("abc").value(), "\x0a\xbc");
  EXPECT_EQ(srp::parse_client_share("000abc").value(), "\x0a\xbc");
  for (const std::string& text :
       {std::string{}, std::string{"0"}, std::string{"00"}, std::string{"xyz"}, std::string{"-1"},
        std::string(2 * srp::group_bytes + 2, 'f'), std::string(5000, '1')}) {
    EXPECT_FALSE(srp::parse_client_share(text)) << text;
  }
}

TEST(srp, pads_integers_as_the_client_does) {
  EXPECT_EQ(srp::pad({"\x00\x00\x0b", 3}), "\x0b");
  EXPECT_EQ(srp::pad("\x80"), (std::string{"\x00\x80", 2}));
  EXPECT_EQ(srp::pad(""), (std::string{"\x00", 1}));
}

TEST(timestamp, is_read_in_exactly_the_clients_form) {
  using user_pool::parse_timestamp;
  EXPECT_EQ(to_rfc3339(parse_timestamp(timestamp).value()), "2026-09-05T07:08:09.000Z");
  EXPECT_EQ(to_rfc3339(parse_timestamp("Sun Nov 22 23:59:59 UTC 2026").value()),
            "2026-11-22T23:59:59.000Z");
  for (const char* text :
       {"", "Sat Sep 05 07:08:09 UTC 2026", "Sun Sep 5 07:08:09 UTC 2026",
        "Sat Sep 5 7:08:09 UTC 2026", "Sat Sep 5 07:08:09 GMT 2026", "Sat Sep 5 07:08:09 UTC 26",
        "Sat Sep 5 07:08:09 UTC 2026 ", "Mon Feb 30 07:08:09 UTC 2026",
        "Sat Sep 5 24:08:09 UTC 2026", "Sat Sep  5 07:08:09 UTC 2026"}) {
    EXPECT_FALSE(parse_timestamp(text)) << text;
  }
}

}  // namespace
}  // namespace cruddur
