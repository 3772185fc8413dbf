// How mail leaves the program.
#pragma once

#include <string>

#include "base/clock.hpp"
#include "base/fault.hpp"
#include "base/task.hpp"

namespace cruddur {

struct mail {
  std::string recipient;  // an address
  std::string subject;
  std::string text;  // plain text, UTF-8; LF ends a line
  // The confirmation code that the text holds, so that the developer outbox can show it apart;
  // empty when there is none.
  std::string code;
};

// What the developer outbox keeps of a mail.
struct sent_mail {
  cruddur::mail mail;
  time_point sent_at;
};

class mailer {
 public:
  virtual ~mailer() = default;

  // Returns when the mail was handed over for delivery. Fault: unavailable (mail_unavailable).
  // Never logs the text.
  virtual task<result<>> send(mail mail) = 0;
};

}  // namespace cruddur
