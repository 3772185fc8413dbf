#include "adapters/outbox/outbox_mailer.hpp"

namespace cruddur::outbox {

task<result<>> outbox_mailer::send(mail mail) {
  forget_old();
  {
    const std::lock_guard lock{mutex_};
    mails_.push_front({std::move(mail), time_->now()});
    if (mails_.size() > outbox_capacity) mails_.pop_back();
  }
  co_return result<>{};
}

std::vector<sent_mail> outbox_mailer::list() {
  forget_old();
  const std::lock_guard lock{mutex_};
  return {mails_.begin(), mails_.end()};
}

void outbox_mailer::forget(std::string_view recipient) {
  const std::lock_guard lock{mutex_};
  std::erase_if(mails_, [&](const sent_mail& each) { return each.mail.recipient == recipient; });
}

void outbox_mailer::forget_old() {
  const time_point oldest = time_->now() - outbox_memory;
  const std::lock_guard lock{mutex_};
  while (!mails_.empty() && mails_.back().sent_at <= oldest) mails_.pop_back();
}

}  // namespace cruddur::outbox
