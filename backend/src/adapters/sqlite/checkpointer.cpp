#include "adapters/sqlite/checkpointer.hpp"

#include <memory>
#include <utility>

#include "adapters/sqlite/connection.hpp"

namespace cruddur::sqlite {
namespace {

constexpr int most_passes = 4;

// A pass that copies fewer pages than this ends the round.
constexpr int small_pass_pages = 100;

}  // namespace

checkpointer::checkpointer(std::filesystem::path database,
                           std::function<void(const std::string&)> on_error)
    : database_{std::move(database)}, on_error_{std::move(on_error)}, thread_{[this] { run(); }} {}

checkpointer::~checkpointer() {
  close();
}

void checkpointer::start_round() {
  const std::lock_guard lock{mutex_};
  is_wanted_ = true;
  wake_.notify_one();
}

void checkpointer::close() {
  {
    const std::lock_guard lock{mutex_};
    is_closing_ = true;
    wake_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void checkpointer::run() {
  std::unique_ptr<connection> opened;
  bool is_failing = false;
  for (std::unique_lock lock{mutex_};; lock.lock()) {
    wake_.wait(lock, [this] { return is_wanted_ || is_closing_; });
    if (is_closing_) return;
    lock.unlock();
    try {
      if (!opened) opened = std::make_unique<connection>(database_, access::read_write);
      // checkpoint() counts the log's copied pages from its beginning, so what this pass copied is
      // the difference to the pass before.
      int copied = 0;
      for (int pass = 0; pass < most_passes; ++pass) {
        const int copied_before = std::exchange(copied, opened->checkpoint());
        if (copied - copied_before < small_pass_pages) break;
      }
      is_failing = false;
      finished_ = true;
    } catch (const engine_error& error) {
      if (opened) opened->abandon();
      opened.reset();
      if (!is_failing && on_error_) {
        on_error_("The database's write-ahead log can't be copied into its file (" +
                  std::string{error.what()} + "). Nothing is lost; it is tried again.");
      }
      is_failing = true;
    }
    lock.lock();
    is_wanted_ = false;
    lock.unlock();
  }
}

}  // namespace cruddur::sqlite
