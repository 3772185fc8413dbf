#include "app/feed.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/visitor.hpp"

namespace cruddur {
namespace {

// So many may be heard during one load; after more of them the window is read again.
constexpr std::size_t most_heard = 4'096;

// Of the store for one page, where posts are hidden from the viewer.
constexpr int most_readings = 5;

// After so many posts made into text a load lets others have the loop.
constexpr std::size_t posts_at_a_stretch = 16;

}  // namespace

class feed::load_mark {
 public:
  explicit load_mark(feed& feed) : feed_{feed} {}  // with the mutex held
  ~load_mark() {
    std::vector<fragment_pointer> heard;
    const std::lock_guard lock{feed_.mutex_};
    feed_.loading_ = false;
    heard.swap(feed_.heard_while_loading_);
  }
  load_mark(const load_mark&) = delete;
  load_mark& operator=(const load_mark&) = delete;

 private:
  feed& feed_;
};

feed::feed(feed_source source, const feed_format& format, activity_store& activities,
           reactions& reactions, bounds limits)
    : source_{std::move(source)},
      format_{format},
      activities_{activities},
      reactions_{reactions},
      bounds_{limits},
      window_{limits.window, limits.bytes},
      viewers_{limits.viewers, limits.marks} {}

feed_source home_of(timelines& timelines) {
  return {.read = [&timelines](request_context context,
                               page_request wanted) { return timelines.home(context, wanted); },
          .includes = [](const activity& posted) { return !posted.root; }};
}

// ---- Answers

task<result<feed_page>> feed::read(request_context context, page_request wanted) {
  hidden_authors hidden;
  if (context.viewer && source_.hidden) {
    auto found = co_await source_.hidden(*context.viewer);
    if (!found) co_return std::unexpected(std::move(found.error()));
    hidden = std::move(*found);
  }
  for (int attempt = 0; attempt < 2; ++attempt) {
    const page_pointer found = page_from_memory(wanted, context.now, hidden);
    if (!found) break;
    if (!context.viewer) co_return found->plain;
    if (auto own = personal(*found, *context.viewer)) co_return std::move(*own);
    const auto loaded = co_await load_viewer(*context.viewer, context.now);
    if (!loaded) co_return std::unexpected(loaded.error());
  }
  co_return co_await page_from_store(context, wanted, std::move(hidden));
}

// The head of those from whom nothing is hidden is kept.
page_pointer feed::page_from_memory(const page_request& wanted, time_point now,
                                    const hidden_authors& hidden) {
  const bool is_head = !wanted.cursor && !hidden;
  kept_head& kept = wanted.limit == page_request{}.limit ? usual_head_ : other_head_;
  feed_window::slice slice;
  std::uint64_t version = 0;
  {
    const std::lock_guard lock{mutex_};
    if (!answering_) return nullptr;
    if (is_head && kept.limit == wanted.limit && kept.page && kept.page->good_until > now) {
      return kept.page;
    }
    slice = window_.read(wanted, now, hidden);
    version = head_version_;
  }
  if (!slice.complete) return nullptr;  // the store has older ones
  page_pointer made = make_page(format_, slice);
  if (!is_head) return made;
  const std::lock_guard lock{mutex_};
  if (version == head_version_) kept = {.limit = wanted.limit, .page = made};
  return made;
}

std::optional<feed_page> feed::personal(const cached_page& page, uuid viewer) {
  std::string masks(page.posts.size(), '\0');
  bool is_any_set = false;
  {
    const std::lock_guard lock{mutex_};
    const feed_viewers::viewer& known = viewers_.touch(viewer);
    if (!known.is_loaded || window_.floor() < known.floor) return std::nullopt;
    if (!known.marks.empty()) {
      for (std::size_t i = 0; i < page.posts.size(); ++i) {
        const flag_mask mask = known.mask_of(page.posts[i].id);
        masks[i] = static_cast<char>(mask);
        is_any_set = is_any_set || mask != 0;
      }
    }
    if (is_any_set) {
      const auto variant = page.variants.find(masks);
      if (variant != page.variants.end()) return variant->second;
    }
  }
  if (!is_any_set) return page.plain;
  feed_page made = make_variant(format_, page, masks);
  const std::lock_guard lock{mutex_};
  if (page.variants.size() < bounds_.variants &&
      page.variant_bytes + made.body->size() <= bounds_.variant_bytes &&
      page.variants.emplace(std::move(masks), made).second) {
    page.variant_bytes += made.body->size();
  }
  return made;
}

// Reads on while hidden posts leave room, a bounded number of times.
task<result<feed_page>> feed::page_from_store(request_context context, page_request wanted,
                                              hidden_authors hidden) {
  page<activity> shown;
  bool is_full = false;
  for (int reading = 0; reading < most_readings && !is_full; ++reading) {
    auto found = co_await source_.read(context, wanted);
    if (!found) co_return std::unexpected(std::move(found.error()));
    shown.more = found->more;
    for (activity& each : found->rows) {
      is_full = shown.rows.size() == wanted.limit;
      if (is_full) {
        shown.more = true;
        break;
      }
      wanted.cursor = each.id;
      if (!hidden || !hidden->contains(each.author)) shown.rows.push_back(std::move(each));
    }
    if (!hidden || !shown.more) break;
  }
  std::string body{format_.opening()};
  for (const activity& each : shown.rows) {
    if (&each != &shown.rows.front()) body += format_.separator();
    body += format_.render(each).text;
  }
  body += format_.closing(shown.more ? wanted.cursor : std::nullopt);
  std::string etag = etag_of(body);
  co_return feed_page{std::make_shared<const std::string>(std::move(body)), std::move(etag)};
}

// ---- Loading

task<result<>> feed::load(time_point now) {
  std::uint64_t suspensions = 0;
  {
    const std::lock_guard lock{mutex_};
    if (loading_) co_return result<>{};
    loading_ = true;
    suspensions = suspensions_;
  }
  const load_mark mark{*this};
  const request_context nobody{.now = now};
  auto found = co_await source_.read(nobody, {{}, bounds_.window});
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
task<feed_window::fragments> feed::make_fragments(std::vector<activity> rows) {
  std::vector<fragment_pointer> held;
  {
    const std::lock_guard lock{mutex_};
    held = window_.all();
  }
  const auto executor = co_await boost::asio::this_coro::executor;
  feed_window::fragments out;
  std::size_t made = 0;
  auto post = held.begin();
  for (activity& row : rows) {
    if (row.deleted) continue;
    while (post != held.end() && (*post)->id > row.id) ++post;
    if (post != held.end() && is_made_of(**post, row)) {
      out.emplace_hint(out.end(), row.id, *post);
      continue;
    }
    const uuid id = row.id;
    out.emplace_hint(out.end(), id, make_fragment(format_, std::move(row)));
    if (++made % posts_at_a_stretch == 0) {
      co_await boost::asio::post(executor, boost::asio::use_awaitable);
    }
  }
  co_return out;
}

void feed::suspend() {
  const std::lock_guard lock{mutex_};
  answering_ = false;
  ++suspensions_;
  viewers_.clear();  // their flags may change unheard as well
}

bool feed::wants_load() {
  const std::lock_guard lock{mutex_};
  return !answering_ || window_.is_low();
}

feed::usage feed::used() {
  const std::lock_guard lock{mutex_};
  const std::size_t heads = usual_head_.bytes() + other_head_.bytes();
  return {.loaded = answering_ ? 1U : 0U,
          .posts = window_.posts(),
          .viewers = viewers_.viewers(),
          .marks = viewers_.marks(),
          .bytes = window_.bytes() + viewers_.bytes() + heads};
}

task<result<>> feed::load_viewer(uuid viewer, time_point now) {
  uuid oldest;
  std::uint64_t generation = 0;
  {
    const std::lock_guard lock{mutex_};
    generation = viewers_.touch(viewer).generation;  // from here on it hears
    oldest = window_.floor();
  }
  std::vector<std::vector<uuid>> posts;
  for (const reaction kind : source_.flags) {
    auto ids = co_await reactions_.newest_roots({.viewer = viewer, .now = now}, kind, oldest,
                                                bounds_.window);
    if (!ids) co_return std::unexpected(std::move(ids.error()));
    posts.push_back(std::move(*ids));
  }
  const std::lock_guard lock{mutex_};
  feed_viewers::viewer& known = viewers_.touch(viewer);
  // Of one who was dropped meanwhile events were lost: the caller asks again. So it does when the
  // window grew.
  if (known.generation == generation) viewers_.load(known, posts, oldest);
  co_return result<>{};
}

task<result<>> feed::refresh(uuid id, time_point now) {
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

void feed::forget_viewer(uuid viewer) {
  const std::lock_guard lock{mutex_};
  viewers_.drop(viewer);
}

// ---- Changes

void feed::on(const activity_event& event) {
  std::visit(visitor{[this](const activity_posted& each) {
                       if (!each.posted.deleted && source_.includes(each.posted)) {
                         put(make_fragment(format_, each.posted));
                       }
                     },
                     [this](const activity_counted& each) { recount(each.id, each.counts); },
                     [this](const activity_reacted& each) { mark(each); },
                     [this](const activity_removed& each) { remove(each.id); },
                     [this](const author_removed& each) { remove_author(each.id); }},
             event);
}

void feed::recount(uuid id, const activity_counts& counts) {
  fragment_pointer held;
  {
    const std::lock_guard lock{mutex_};
    held = window_.find(id);
    if (!held || loading_) window_.remember(id, counts);
  }
  if (held && held->counts.revision < counts.revision) put(recounted(format_, *held, counts));
}

void feed::put(fragment_pointer made) {
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
    made = recounted(format_, *made, *outcome.news);
  }
}

void feed::mark(const activity_reacted& event) {
  const auto flag = std::ranges::find(source_.flags, event.kind);
  if (flag == source_.flags.end()) return;
  const std::lock_guard lock{mutex_};
  if (event.id < window_.floor()) return;
  viewers_.note(event.person,
                {.id = event.id,
                 .revision = event.revision,
                 .flag = static_cast<std::uint8_t>(flag - source_.flags.begin()),
                 .is_set = event.is_on},
                2 * bounds_.window);
}

void feed::remove(uuid id) {
  const std::lock_guard lock{mutex_};
  if (window_.remove(id)) forget_head();
}

void feed::remove_author(uuid author) {
  const std::lock_guard lock{mutex_};
  viewers_.drop(author);
  // The author's likes and replies counted on other people's posts: read everything anew.
  answering_ = false;
  ++suspensions_;
}

void feed::forget_head() {
  usual_head_ = other_head_ = {};
  ++head_version_;
}

}  // namespace cruddur
