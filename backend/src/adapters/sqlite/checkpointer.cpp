#include "adapters/sqlite/checkpointer.hpp"

#include <memory>
#include <utility>

#include "adapters/sqlite/connection.hpp"

namespace cruddur::sqlite {
namespace {

constexpr int most_passes = 4;
constexpr int small_pass = 100;  // pages

}  // namespace

checkpointer::checkpointer(std::filesystem::path database,
                           std::function<void(const std::string&)> on_error)
    : database_{std::move(database)}, on_error_{std::move(on_error)}, thread_{[this] { run(); }} {}

checkpointer::~checkpointer() {
  close();
}

void checkpointer::start_round() {
  const std::lock_guard lock{mutex_};
  wanted_ = true;
  wake_.notify_one();
}

void checkpointer::close() {
  {
    const std::lock_guard lock{mutex_};
    closing_ = true;
    wake_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void checkpointer::run() {
  std::unique_ptr<connection> own;
  bool failing = false;
  for (std::unique_lock lock{mutex_};; lock.lock()) {
    wake_.wait(lock, [this] { return wanted_ || closing_; });
    if (closing_) return;
    lock.unlock();
    try {
      if (!own) own = std::make_unique<connection>(database_, access::read_write);
      // Commits go on meanwhile: each pass has less to copy than the one before.
      int copied = 0;
      for (int pass = 0; pass < most_passes; ++pass) {
        const int before = std::exchange(copied, own->checkpoint());
        if (copied - before < small_pass) break;
      }
      failing = false;
      finished_ = true;
    } catch (const engine_error& error) {
      if (own) own->abandon();
      own.reset();
      if (!failing && on_error_) {
        on_error_("The database's write-ahead log can't be copied into its file (" +
                  std::string{error.what()} + "). Nothing is lost; it is tried again.");
      }
      failing = true;
    }
    lock.lock();
    wanted_ = false;
    lock.unlock();
  }
}

}  // namespace cruddur::sqlite
