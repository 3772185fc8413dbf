#include "app/lookup.hpp"

namespace cruddur {
namespace {

fault not_live(const activity_lookup& found) {
  if (!found.gone && !found.live) {
    return make_fault(fault_kind::not_found, "activity_not_found", "There is no such post.");
  }
  return activity_gone(found.gone.value_or(gone_reason::deleted));
}

}  // namespace

task<result<activity>> find_live(activity_store& store, request_context context, uuid id) {
  auto found = co_await store.find(context, id);
  if (!found) co_return std::unexpected(std::move(found.error()));
  if (!found->live) co_return std::unexpected(not_live(*found));
  co_return std::move(*found->live);
}

task<fault> why_not_live(activity_store& store, request_context context, uuid id) {
  auto found = co_await store.find(context, id);
  if (!found) co_return std::move(found.error());
  co_return not_live(*found);
}

}  // namespace cruddur
