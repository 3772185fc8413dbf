#include "adapters/smtp/outbox.hpp"

namespace cruddur::smtp {

task<result<>> outbox::send(mail letter) {
  {
    const std::lock_guard lock{mutex_};
    entries_.push_front({std::move(letter), time_->now()});
    if (entries_.size() > outbox_capacity) entries_.pop_back();
  }
  co_return result<>{};
}

std::vector<outbox::entry> outbox::list() const {
  const std::lock_guard lock{mutex_};
  return {entries_.begin(), entries_.end()};
}

}  // namespace cruddur::smtp
