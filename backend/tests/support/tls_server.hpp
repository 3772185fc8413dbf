// A TLS server with a certificate of its own making, answering every connection with the same
// bytes.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace cruddur::testing {

struct self_signed {
  std::string certificate_pem;
  std::string key_pem;
};

// `names` as OpenSSL writes alternative names: "DNS:localhost,IP:127.0.0.1".
inline self_signed make_certificate(const std::string& names) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{EVP_EC_gen("P-256"), EVP_PKEY_free};
  const std::unique_ptr<X509, decltype(&X509_free)> made{X509_new(), X509_free};
  X509_set_version(made.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), 3600);
  X509_set_pubkey(made.get(), key.get());
  X509_NAME* subject = X509_get_subject_name(made.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
  X509_set_issuer_name(made.get(), subject);
  const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> alternative{
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names.c_str()),
      X509_EXTENSION_free};
  X509_add_ext(made.get(), alternative.get(), -1);
  if (X509_sign(made.get(), key.get(), EVP_sha256()) == 0) throw std::runtime_error("X509_sign");

  const auto text_of = [](auto write) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> memory{BIO_new(BIO_s_mem()), BIO_free};
    write(memory.get());
    char* data = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &data);
    return std::string(data, static_cast<std::size_t>(size));
  };
  return {text_of([&](BIO* to) { PEM_write_bio_X509(to, made.get()); }), text_of([&](BIO* to) {
            PEM_write_bio_PrivateKey(to, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
          })};
}

class tls_server {
 public:
  tls_server(const self_signed& identity, std::string answer) : answer_{std::move(answer)} {
    tls_.use_certificate_chain(boost::asio::buffer(identity.certificate_pem));
    tls_.use_private_key(boost::asio::buffer(identity.key_pem), boost::asio::ssl::context::pem);
    thread_ = std::thread{[this] { serve(); }};
  }
  ~tls_server() {
    ending_ = true;
    boost::asio::io_context context;
    boost::asio::ip::tcp::socket knock{context};
    boost::system::error_code ignored;
    knock.connect(acceptor_.local_endpoint(), ignored);
    thread_.join();
  }
  std::string port() const { return std::to_string(acceptor_.local_endpoint().port()); }

 private:
  void serve() {
    while (!ending_) {
      boost::system::error_code error;
      boost::asio::ssl::stream<boost::asio::ip::tcp::socket> stream{acceptor_.accept(), tls_};
      if (ending_) return;
      stream.handshake(boost::asio::ssl::stream_base::server, error);
      if (error) continue;
      std::string request;
      boost::asio::read_until(stream, boost::asio::dynamic_buffer(request), "\r\n\r\n", error);
      boost::asio::write(stream, boost::asio::buffer(answer_), error);
      stream.shutdown(error);
    }
  }

  std::string answer_;
  std::atomic<bool> ending_ = false;
  boost::asio::io_context context_;
  boost::asio::ssl::context tls_{boost::asio::ssl::context::tls_server};
  boost::asio::ip::tcp::acceptor acceptor_{context_, {boost::asio::ip::address_v4::loopback(), 0}};
  std::thread thread_;
};

}  // namespace cruddur::testing
