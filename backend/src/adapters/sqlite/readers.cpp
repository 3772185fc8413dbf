#include "adapters/sqlite/readers.hpp"

#include <atomic>

namespace cruddur::sqlite {
namespace {

std::atomic<std::uint64_t> last_serial{0};

// Where the calling thread found its connection last time, so that it needs no lock to find it
// again.
struct remembered_connection {
  std::uint64_t serial = 0;
  std::unique_ptr<connection>* place = nullptr;
};
thread_local remembered_connection last_used;

}  // namespace

readers::readers(std::filesystem::path database, std::function<void(const std::string&)> on_error)
    : database_{std::move(database)}, on_error_{std::move(on_error)}, serial_{++last_serial} {}

std::unique_ptr<connection>& readers::thread_connection() {
  if (last_used.serial != serial_) {
    const std::lock_guard lock{mutex_};
    last_used = {serial_, &connections_[std::this_thread::get_id()]};
  }
  return *last_used.place;
}

sql::driver_result<sql::query_result> readers::run(const sql::statement& text,
                                                   const sql::parameters& values) {
  auto& opened = thread_connection();
  try {
    if (!opened) opened = std::make_unique<connection>(database_, access::read_only);
    auto found = opened->run(text, values);
    if (is_failing_.load(std::memory_order_relaxed) && is_failing_.exchange(false) && on_error_) {
      on_error_("The database can be read again.");
    }
    return found;
  } catch (const engine_error& error) {
    if (!is_failing_.exchange(true) && on_error_) {
      on_error_("The database can't be read (" + std::string{error.what()} +
                "). What needs it is refused until it can.");
    }
    if (opened) opened->abandon();
    opened.reset();
    return sql::refused(error.kind());
  }
}

void readers::close() {
  const std::lock_guard lock{mutex_};
  for (auto& [thread, each] : connections_) each.reset();
}

}  // namespace cruddur::sqlite
