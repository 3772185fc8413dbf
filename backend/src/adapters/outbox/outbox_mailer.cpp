#include "adapters/outbox/outbox_mailer.hpp"

namespace cruddur::outbox {

task<result<>> outbox_mailer::send(mail mail) {
  {
    const std::lock_guard lock{mutex_};
    mails_.push_front({std::move(mail), time_->now()});
    if (mails_.size() > outbox_capacity) mails_.pop_back();
  }
  co_return result<>{};
}

std::vector<sent_mail> outbox_mailer::list() const {
  const std::lock_guard lock{mutex_};
  return {mails_.begin(), mails_.end()};
}

}  // namespace cruddur::outbox
