#include "api/home_feed.hpp"

#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/visitor.hpp"

namespace cruddur::api {
namespace {

// So many may be heard during one load; after more of them the window is read again.
constexpr std::size_t most_heard = 4'096;

// After so many posts made into text a load lets others have the loop.
constexpr std::size_t posts_at_a_stretch = 16;

}  // namespace

class home_feed::load_mark {
 public:
  explicit load_mark(home_feed& feed) : feed_{feed} {}  // with the mutex held
  ~load_mark() {
    std::vector<fragment_pointer> heard;
    const std::lock_guard lock{feed_.mutex_};
    feed_.loading_ = false;
    heard.swap(feed_.heard_while_loading_);
  }
  load_mark(const load_mark&) = delete;
  load_mark& operator=(const load_mark&) = delete;

 private:
  home_feed& feed_;
};

home_feed::home_feed(timelines& timelines, activity_store& activities, reactions& reactions,
                     bounds limits)
    : timelines_{timelines},
      activities_{activities},
      reactions_{reactions},
      bounds_{limits},
      window_{limits.window, limits.bytes},
      viewers_{limits.viewers, limits.marks} {}

// ---- Answers

task<result<feed_page>> home_feed::read(request_context context, page_request wanted) {
  for (int attempt = 0; attempt < 2; ++attempt) {
    const page_pointer found = page_from_memory(wanted, context.now);
    if (!found) break;
    if (!context.viewer) co_return feed_page{found->plain.body, found->plain.etag};
    if (auto own = personal(*found, *context.viewer)) co_return std::move(*own);
    const auto loaded = co_await load_viewer(*context.viewer, context.now);
    if (!loaded) co_return std::unexpected(loaded.error());
  }
  co_return co_await page_from_store(context, wanted);
}

page_pointer home_feed::page_from_memory(const page_request& wanted, time_point now) {
  const bool is_head = !wanted.after;
  kept_head& kept = wanted.limit == page_request{}.limit ? usual_head_ : other_head_;
  feed_window::slice slice;
  std::uint64_t version = 0;
  {
    const std::lock_guard lock{mutex_};
    if (!answering_) return nullptr;
    if (is_head && kept.limit == wanted.limit && kept.page && kept.page->good_until > now) {
      return kept.page;
    }
    slice = window_.read(wanted, now);
    version = head_version_;
  }
  if (!slice.complete) return nullptr;  // the store has older ones
  page_pointer made = make_page(slice);
  if (!is_head) return made;
  const std::lock_guard lock{mutex_};
  if (version == head_version_) kept = {.limit = wanted.limit, .page = made};
  return made;
}

std::optional<feed_page> home_feed::personal(const cached_page& page, uuid viewer) {
  std::string liked(page.liked_at.size(), '0');
  bool likes_any = false;
  {
    const std::lock_guard lock{mutex_};
    const feed_viewers::viewer& reader = viewers_.touch(viewer);
    if (!reader.loaded || window_.floor() < reader.floor) return std::nullopt;
    if (!reader.marks.empty()) {
      for (std::size_t i = 0; i < page.liked_at.size(); ++i) {
        if (!reader.likes(page.liked_at[i].first)) continue;
        liked[i] = '1';
        likes_any = true;
      }
    }
    if (likes_any) {
      const auto known = page.variants.find(liked);
      if (known != page.variants.end()) return feed_page{known->second.body, known->second.etag};
    }
  }
  if (!likes_any) return feed_page{page.plain.body, page.plain.etag};
  page_variant made = make_variant(page, liked);
  const std::lock_guard lock{mutex_};
  if (page.variants.size() < bounds_.variants &&
      page.variant_bytes + made.body->size() <= bounds_.variant_bytes &&
      page.variants.emplace(std::move(liked), made).second) {
    page.variant_bytes += made.body->size();
  }
  return feed_page{made.body, made.etag};
}

task<result<feed_page>> home_feed::page_from_store(request_context context, page_request wanted) {
  const auto found = co_await timelines_.home(context, wanted);
  if (!found) co_return std::unexpected(found.error());
  std::string body;
  append_activity_list(body, *found, list_kind::roots);
  std::string etag = etag_of(body);
  co_return feed_page{std::move(body), std::move(etag)};
}

// ---- Loading

task<result<>> home_feed::load(time_point now) {
  std::uint64_t suspensions = 0;
  {
    const std::lock_guard lock{mutex_};
    if (loading_) co_return result<>{};
    loading_ = true;
    suspensions = suspensions_;
  }
  const load_mark mark{*this};
  const request_context nobody{.now = now};
  auto found = co_await timelines_.home(nobody, {{}, bounds_.window});
  if (!found) co_return std::unexpected(std::move(found.error()));
  const uuid floor = found->more ? found->rows.back().id : uuid{};
  feed_window::fragments made = co_await make_fragments(std::move(found->rows));

  feed_window::fragments old;  // destroyed without the lock
  const std::lock_guard lock{mutex_};
  old = window_.replace(std::move(made), floor);
  for (const fragment_pointer& each : heard_while_loading_) (void)window_.put(each);
  forget_head();
  const bool heard_all = heard_while_loading_.size() < most_heard;
  answering_ = heard_all && suspensions == suspensions_;
  co_return result<>{};
}

// Of the rows that did not change the fragments that are held are taken.
task<feed_window::fragments> home_feed::make_fragments(std::vector<activity> rows) {
  std::vector<fragment_pointer> held;
  {
    const std::lock_guard lock{mutex_};
    held = window_.all();
  }
  const auto executor = co_await boost::asio::this_coro::executor;
  feed_window::fragments out;
  std::size_t made = 0;
  auto at = held.begin();
  for (activity& row : rows) {
    if (row.deleted) continue;
    while (at != held.end() && (*at)->id > row.id) ++at;
    if (at != held.end() && is_made_of(**at, row)) {
      out.emplace_hint(out.end(), row.id, *at);
      continue;
    }
    const uuid id = row.id;
    out.emplace_hint(out.end(), id, make_fragment(std::move(row)));
    if (++made % posts_at_a_stretch == 0) {
      co_await boost::asio::post(executor, boost::asio::use_awaitable);
    }
  }
  co_return out;
}

void home_feed::suspend() {
  const std::lock_guard lock{mutex_};
  answering_ = false;
  ++suspensions_;
  viewers_.clear();  // their likes may change unheard as well
}

bool home_feed::wants_load() {
  const std::lock_guard lock{mutex_};
  return !answering_ || window_.is_low();
}

home_feed::usage home_feed::used() {
  const std::lock_guard lock{mutex_};
  const std::size_t heads = usual_head_.bytes() + other_head_.bytes();
  return {.loaded = answering_ ? 1U : 0U,
          .posts = window_.posts(),
          .viewers = viewers_.viewers(),
          .marks = viewers_.marks(),
          .bytes = window_.bytes() + viewers_.bytes() + heads};
}

task<result<>> home_feed::load_viewer(uuid viewer, time_point now) {
  uuid oldest;
  std::uint64_t birth = 0;
  {
    const std::lock_guard lock{mutex_};
    birth = viewers_.touch(viewer).birth;  // from here on it hears
    oldest = window_.floor();
  }
  auto ids = co_await reactions_.newest_roots({.viewer = viewer, .now = now}, reaction::like,
                                              oldest, bounds_.window);
  if (!ids) co_return std::unexpected(ids.error());
  const std::lock_guard lock{mutex_};
  feed_viewers::viewer& reader = viewers_.touch(viewer);
  // What was heard meanwhile is lost: the caller asks again. So it does when the window grew.
  if (reader.birth == birth) viewers_.load(reader, std::move(*ids), oldest);
  co_return result<>{};
}

task<result<>> home_feed::refresh(uuid id, time_point now) {
  const request_context nobody{.now = now};
  const auto found = co_await activities_.find(nobody, id);
  if (!found) co_return std::unexpected(found.error());
  if (found->live && !found->live->deleted) {
    on(activity_posted{*found->live});
  } else {
    remove(id);
  }
  co_return result<>{};
}

void home_feed::forget_viewer(uuid viewer) {
  const std::lock_guard lock{mutex_};
  viewers_.drop(viewer);
}

// ---- Changes

void home_feed::on(const activity_event& event) {
  std::visit(visitor{[this](const activity_posted& each) {
                       if (!each.posted.root && !each.posted.deleted) {
                         put(make_fragment(each.posted));
                       }
                     },
                     [this](const activity_counted& each) { recount(each.id, each.counts); },
                     [this](const activity_reacted& each) { mark(each); },
                     [this](const activity_removed& each) { remove(each.id); },
                     [this](const author_removed& each) { remove_author(each.id); }},
             event);
}

void home_feed::recount(uuid id, const activity_counts& counts) {
  fragment_pointer held;
  {
    const std::lock_guard lock{mutex_};
    held = window_.find(id);
    if (!held || loading_) window_.remember(id, counts);
  }
  if (held && held->counts.revision < counts.revision) put(recounted(*held, counts));
}

void home_feed::put(fragment_pointer made) {
  for (;;) {
    feed_window::put_outcome outcome;
    {
      const std::lock_guard lock{mutex_};
      if (loading_ && heard_while_loading_.size() < most_heard) {
        heard_while_loading_.push_back(made);
      }
      outcome = window_.put(made);
      if (outcome.changed) forget_head();
    }
    if (!outcome.news) return;
    made = recounted(*made, *outcome.news);
  }
}

void home_feed::mark(const activity_reacted& event) {
  const std::lock_guard lock{mutex_};
  if (event.id < window_.floor()) return;
  viewers_.note(event.person, {.id = event.id, .revision = event.revision, .liked = event.is_on},
                2 * bounds_.window);
}

void home_feed::remove(uuid id) {
  const std::lock_guard lock{mutex_};
  if (window_.remove(id)) forget_head();
}

void home_feed::remove_author(uuid author) {
  const std::lock_guard lock{mutex_};
  viewers_.drop(author);
  // The author's likes and replies counted on other people's posts: read everything anew.
  answering_ = false;
  ++suspensions_;
}

void home_feed::forget_head() {
  usual_head_ = other_head_ = {};
  ++head_version_;
}

}  // namespace cruddur::api
