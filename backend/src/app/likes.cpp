#include "app/likes.hpp"

#include "app/lookup.hpp"

namespace cruddur {

task<result<like_state>> likes::set(request_context context, uuid id, bool liked) {
  const auto done = co_await store_.set_like(id, *context.viewer, liked, context.now);
  if (!done) {
    if (done.error().kind != fault_kind::not_found) co_return std::unexpected(done.error());
    co_return std::unexpected(co_await why_not_live(store_, id, context));
  }
  if (done->changed) {
    observer_.counted(id, done->counts);
    observer_.liked(id, *context.viewer, liked, done->counts.revision);
  }
  co_return like_state{liked, done->counts.likes};
}

task<result<like_state>> likes::toggle(request_context context, uuid id) {
  const auto found = co_await find_live(store_, id, context);
  if (!found) co_return std::unexpected(found.error());
  co_return co_await set(context, id, !found->liked);
}

}  // namespace cruddur
