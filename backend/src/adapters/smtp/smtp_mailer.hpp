// Mail over SMTP (RFC 5321, through libcurl): with TLS from the start (smtps://), or with STARTTLS
// when the server offers it, or must offer it as soon as a password is to be sent. The server's
// certificate is checked, except where plain would do as well: without a password, and without
// certificate authorities to check it by, TLS still keeps listeners out.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/fault.hpp"
#include "ports/mailer.hpp"
#include "runtime/blocking_pool.hpp"

namespace cruddur::smtp {

struct options {
  // smtp://[user:password@]host[:port] or smtps://…; user and password percent-encoded. Ports: 587
  // and 465 unless given.
  std::string url;
  std::string from;       // "Cruddur <no-reply@cruddur.example>"
  std::string ca_file;    // PEM; empty: the system's
  std::string ehlo_name;  // of this host, for the greeting; empty: the host's own
  std::chrono::seconds connect_timeout{10};
  std::chrono::seconds timeout{20};
};

// Sends in the pool, which must outlive the mailer, with one connection a mail. Fault (invalid):
// what is wrong with the options, in words that hold no password. A
// mail that is not taken is a fault that names the server and the reason, not the recipient.
result<std::unique_ptr<mailer>> create_smtp_mailer(options settings, runtime::blocking_pool& pool,
                                                   std::shared_ptr<const clock> time);

}  // namespace cruddur::smtp
