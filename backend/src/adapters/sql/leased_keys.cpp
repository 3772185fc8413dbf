#include "adapters/sql/leased_keys.hpp"

#include <utility>

namespace cruddur::sql {
namespace {

class leased_keys : public content_keys {
 public:
  leased_keys(std::unique_ptr<content_keys> keys, const key_lease& lease)
      : keys_{std::move(keys)}, lease_{lease} {}

  task<result<std::vector<reserved_key>>> reserve(std::size_t count, key_term term) override {
    if (!lease_.is_good()) co_return refuse();
    co_return co_await keys_->reserve(count, term);
  }
  task<result<std::vector<std::optional<secret>>>> load(std::vector<key_slot> slots) override {
    return keys_->load(std::move(slots));
  }
  task<result<>> destroy(std::vector<key_slot> slots) override {
    if (!lease_.is_good()) co_return refuse();
    co_return co_await keys_->destroy(std::move(slots));
  }

 private:
  static std::unexpected<fault> refuse() {
    return fail(fault_kind::unavailable, "keys_unavailable",
                "another server may have taken over the keys: this one has not been able to say in "
                "the database that it lives");
  }

  std::unique_ptr<content_keys> keys_;
  const key_lease& lease_;
};

}  // namespace

std::unique_ptr<content_keys> lease_keys(std::unique_ptr<content_keys> keys,
                                         const key_lease& lease) {
  return std::make_unique<leased_keys>(std::move(keys), lease);
}

}  // namespace cruddur::sql
