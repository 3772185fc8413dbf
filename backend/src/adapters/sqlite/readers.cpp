#include "adapters/sqlite/readers.hpp"

#include <atomic>

namespace cruddur::sqlite {
namespace {

std::atomic<std::uint64_t> last_serial{0};

// Where the calling thread found its connection last time.
struct shortcut {
  std::uint64_t serial = 0;
  std::unique_ptr<connection>* mine = nullptr;
};
thread_local shortcut last_used;

}  // namespace

readers::readers(std::filesystem::path database, std::function<void(const std::string&)> on_error)
    : database_{std::move(database)}, on_error_{std::move(on_error)}, serial_{++last_serial} {}

std::unique_ptr<connection>& readers::mine() {
  if (last_used.serial != serial_) {
    const std::lock_guard lock{mutex_};
    last_used = {serial_, &connections_[std::this_thread::get_id()]};
  }
  return *last_used.mine;
}

sql::driver_result<sql::query_result> readers::run(const char* text,
                                                   const sql::parameters& values) {
  auto& own = mine();
  try {
    if (!own) own = std::make_unique<connection>(database_, access::read_only);
    auto found = own->run(text, values);
    if (failing_.load(std::memory_order_relaxed) && failing_.exchange(false) && on_error_) {
      on_error_("The database can be read again.");
    }
    return found;
  } catch (const engine_error& error) {
    if (!failing_.exchange(true) && on_error_) {
      on_error_("The database can't be read (" + std::string{error.what()} +
                "). What needs it is refused until it can.");
    }
    if (own) own->abandon();
    own.reset();
    return sql::refused(error.kind());
  }
}

void readers::close() {
  const std::lock_guard lock{mutex_};
  for (auto& [thread, each] : connections_) each.reset();
}

}  // namespace cruddur::sqlite
