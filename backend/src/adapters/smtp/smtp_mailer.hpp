// Mail over SMTP (RFC 5321), through libcurl. smtps:// speaks TLS from the start; smtp:// begins it
// with STARTTLS when the server offers that, and must when there is a password to send. The
// server's certificate is checked, except where plain text would do as well, which is without a
// password and without certificate authorities to check by; TLS then still keeps listeners out.
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
  std::string sender;     // "Cruddur <no-reply@cruddur.example>"
  std::string ca_file;    // PEM; empty: the system's
  std::string ehlo_name;  // of this host, for the greeting; empty: the host's own
  std::chrono::seconds connect_timeout{10};
  std::chrono::seconds timeout{20};
};

// Sends in the pool, which must outlive the mailer, with one connection a mail. Fault: invalid
// (smtp_invalid), which says what is wrong with the options in words that hold no password. A mail
// that the server does not take is a fault that names the server and the reason, not the recipient.
result<std::unique_ptr<mailer>> create_smtp_mailer(options settings, runtime::blocking_pool& pool,
                                                   std::shared_ptr<const clock> time);

}  // namespace cruddur::smtp
