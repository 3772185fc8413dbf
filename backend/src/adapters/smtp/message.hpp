// Mail as RFC 5322 and RFC 2045 to 2047 write it. libcurl sends it, but can't write it: the
// messages of its curl_mime are always multipart/mixed, and a mail of one text is better plain.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "ports/mailer.hpp"

namespace cruddur::smtp {

struct mailbox {
  std::string name;  // UTF-8; may be empty
  std::string address;
};

// "Name <user@host>" or "user@host", in parts. Nothing when the address is not plain ASCII with one
// '@', or when anything holds a control character.
std::optional<mailbox> parse_mailbox(std::string_view text);

// A whole message, lines ending in CR LF, none longer than 78 characters: From, To, Subject, Date,
// Message-ID, and the text as quoted-printable UTF-8. Header values can't add headers: control
// characters become spaces.
std::string compose_message(const mailbox& sender, const mailbox& recipient, const mail& mail,
                            std::string_view message_id, time_point now);

// Sat, 05 Sep 2026 07:08:09 +0000
std::string mail_date(time_point moment);

// A header's text: as it is when it is short printable ASCII, else RFC 2047 encoded words folded
// over lines.
std::string encode_header(std::string_view text);

// RFC 2045, section 6.7, with CR LF line ends; LF in `text` is a line end.
std::string quoted_printable(std::string_view text);

}  // namespace cruddur::smtp
