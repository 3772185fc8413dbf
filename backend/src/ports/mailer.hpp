#pragma once

#include <string>

#include "base/fault.hpp"
#include "base/task.hpp"

namespace cruddur {

struct mail {
  std::string to;
  std::string subject;
  std::string text;  // plain text, UTF-8
  std::string
      code;  // the confirmation code inside the text, for the developer outbox; may be empty
};

class mailer {
 public:
  virtual ~mailer() = default;

  // Returns when the mail was handed over for delivery. Fault: unavailable (mail_unavailable).
  // Never logs the text.
  virtual task<result<>> send(mail letter) = 0;
};

}  // namespace cruddur
