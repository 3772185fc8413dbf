// The developer outbox: mail that would have been sent, for a person to read at GET /dev/outbox. In
// memory, the last 100 and none that is older than a day.
#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "ports/mailer.hpp"

namespace cruddur::outbox {

inline constexpr std::size_t outbox_capacity = 100;
// As long as the longest of the codes in them is good.
inline constexpr std::chrono::hours outbox_memory{24};

// Thread-safe.
class outbox_mailer : public mailer {
 public:
  explicit outbox_mailer(std::shared_ptr<const clock> time) : time_{std::move(time)} {}

  task<result<>> send(mail mail) override;
  std::vector<sent_mail> list();  // newest first

  // Forgets what was sent to that address.
  void forget(std::string_view recipient);
  // Forgets what is older than outbox_memory; list() and send() do so too.
  void forget_old();

 private:
  std::shared_ptr<const clock> time_;
  std::mutex mutex_;
  std::deque<sent_mail> mails_;  // newest first
};

}  // namespace cruddur::outbox
