#include "adapters/key_file/file_content_keys.hpp"

#include <utility>

namespace cruddur::key_file {
namespace {

class file_content_keys : public content_keys {
 public:
  file_content_keys(key_file& file, runtime::blocking_pool& pool) : file_{file}, pool_{pool} {}

  // Mostly the keys are ready and nothing is waited for.
  task<result<std::vector<reserved_key>>> reserve(std::size_t count, key_term term) override {
    auto keys = file_.take(count, term);
    while (keys && keys->size() < count) {
      const std::size_t missing = count - keys->size();
      auto prepared =
          co_await in_pool([this, missing, term] { return file_.prepare(missing, term); });
      auto more =
          prepared ? file_.take(missing, term) : std::unexpected(std::move(prepared.error()));
      if (!more) {
        co_await give_back(std::move(*keys));
        co_return std::unexpected(std::move(more.error()));
      }
      keys->insert(keys->end(), more->begin(), more->end());
    }
    co_return keys;
  }

  task<result<std::vector<std::optional<secret>>>> load(std::vector<key_slot> slots) override {
    std::vector<std::optional<secret>> keys;
    keys.reserve(slots.size());
    for (const key_slot slot : slots) {
      auto key = file_.load(slot);
      if (!key) co_return std::unexpected(std::move(key.error()));
      keys.push_back(*key);
    }
    co_return keys;
  }

  task<result<>> destroy(std::vector<key_slot> slots) override {
    co_return co_await in_pool([this, slots = std::move(slots)] { return file_.destroy(slots); });
  }

 private:
  template <class F>
  task<result<>> in_pool(F work) {
    auto done = co_await pool_.run(std::move(work));
    if (!done) co_return std::unexpected(std::move(done.error()));
    co_return std::move(*done);
  }

  task<> give_back(std::vector<reserved_key> keys) {
    std::vector<key_slot> slots;
    for (const reserved_key& each : keys) slots.push_back(each.slot);
    // Should this fail too, the slots stay taken until their extent's others have ended.
    (void)co_await destroy(std::move(slots));
  }

  key_file& file_;
  runtime::blocking_pool& pool_;
};

}  // namespace

std::unique_ptr<content_keys> create_content_keys(key_file& file, runtime::blocking_pool& pool) {
  return std::make_unique<file_content_keys>(file, pool);
}

}  // namespace cruddur::key_file
