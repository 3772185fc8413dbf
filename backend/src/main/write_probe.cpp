#include "main/write_probe.hpp"

namespace cruddur {
namespace {

constexpr std::chrono::seconds fresh{2};
constexpr std::chrono::seconds hung{5};

// SQLite writes only when a row is touched. PostgreSQL refuses a statement that might write as soon
// as it can't, and each write is recorded in its log besides.
constexpr sql::statement touch{
    "UPDATE schema_migrations SET applied_at = applied_at WHERE number = 1",
    "UPDATE users SET handle = handle WHERE false"};

}  // namespace

std::optional<bool> write_probe::known() {
  const std::lock_guard lock{mutex_};
  const auto now = std::chrono::steady_clock::now();
  if (trying_since_) return now - *trying_since_ < hung && last_;
  if (last_ && learnt_ && now - *learnt_ < fresh) return true;
  trying_since_ = now;
  return std::nullopt;
}

void write_probe::learn(bool good) {
  const std::lock_guard lock{mutex_};
  last_ = good;
  learnt_ = std::chrono::steady_clock::now();
  trying_since_.reset();
}

task<bool> write_probe::can_write() {
  if (const auto answer = known()) co_return *answer;
  bool good = false;
  try {
    const auto written = co_await database_.write_one(touch, {});
    good = written.has_value();
  } catch (const std::exception&) {
    good = false;
  }
  learn(good);
  co_return good;
}

}  // namespace cruddur
