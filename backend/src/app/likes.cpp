#include "app/likes.hpp"

#include "app/lookup.hpp"

namespace cruddur {
namespace {

constexpr int most_attempts = 100;

}  // namespace

task<result<reaction_outcome>> likes::write(request_context context, uuid id, bool is_liked) {
  auto done = co_await reactions_.set(context, reaction::like, id, is_liked);
  if (!done) {
    if (done.error().kind != fault_kind::not_found) co_return std::unexpected(done.error());
    co_return std::unexpected(co_await why_not_live(activities_, context, id));
  }
  if (done->changed) {
    observer_.on(activity_counted{id, done->counts});
    observer_.on(
        activity_reacted{id, *context.viewer, reaction::like, is_liked, done->counts.revision});
  }
  co_return *done;
}

task<result<like_state>> likes::set(request_context context, uuid id, bool is_liked) {
  const auto done = co_await write(context, id, is_liked);
  if (!done) co_return std::unexpected(done.error());
  co_return like_state{is_liked, done->counts.likes};
}

// When nothing changed, another request of the same person was faster: look again.
task<result<like_state>> likes::toggle(request_context context, uuid id) {
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    const auto found = co_await find_live(activities_, context, id);
    if (!found) co_return std::unexpected(found.error());
    const bool is_liked = !found->liked;
    const auto done = co_await write(context, id, is_liked);
    if (!done) co_return std::unexpected(done.error());
    if (done->changed) co_return like_state{is_liked, done->counts.likes};
  }
  co_return fail(fault_kind::unavailable, "server_busy", "Too much at once. Try again in a moment.",
                 std::chrono::seconds{1});
}

}  // namespace cruddur
