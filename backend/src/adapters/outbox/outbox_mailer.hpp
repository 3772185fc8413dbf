// The developer outbox: mail that would have been sent, for a person to read at GET /dev/outbox. In
// memory, the last 100.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "base/clock.hpp"
#include "ports/mailer.hpp"

namespace cruddur::outbox {

inline constexpr std::size_t outbox_capacity = 100;

// Thread-safe.
class outbox_mailer : public mailer {
 public:
  explicit outbox_mailer(std::shared_ptr<const clock> time) : time_{std::move(time)} {}

  task<result<>> send(mail mail) override;
  std::vector<sent_mail> list() const;  // newest first

 private:
  std::shared_ptr<const clock> time_;
  mutable std::mutex mutex_;
  std::deque<sent_mail> mails_;  // newest first
};

}  // namespace cruddur::outbox
