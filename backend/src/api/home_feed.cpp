#include "api/home_feed.hpp"

#include <iterator>

#include <fmt/format.h>

#include "api/activity_json.hpp"

namespace cruddur::api {
namespace {

constexpr std::size_t recent_limit = 4'096;
constexpr std::size_t most_variants =
    64;  // of one page; a reader beyond them gets a copy of its own

// A page's body names its own version: the hash need not resist an attacker, only tell two bodies
// apart.
std::string etag_of(std::string_view body) {
  return fmt::format("{:x}-{:x}", std::hash<std::string_view>{}(body), body.size());
}

std::string quoted(const std::string& text) {
  return '"' + text + '"';
}

}  // namespace

template <class T>
void home_feed::recent<T>::put(uuid id, T what) {
  const auto [at, is_new] = by_id_.insert_or_assign(id, std::move(what));
  if (!is_new) return;
  order_.push_back(id);
  if (order_.size() > recent_limit) {
    by_id_.erase(order_.front());
    order_.pop_front();
  }
}

template <class T>
const T* home_feed::recent<T>::find(uuid id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &found->second;
}

home_feed::home_feed(activity_store& store, bounds limits) : store_{store}, bounds_{limits} {}

// ---- Answers

task<result<feed_page>> home_feed::page(request_context context, page_request which) {
  for (int attempt = 0; attempt < 2; ++attempt) {
    const page_pointer found = page_from_memory(which, context.now);
    if (!found) break;
    if (!context.viewer) co_return feed_page{found->plain.body, found->plain.etag};
    if (auto own = personal(*found, *context.viewer)) co_return std::move(*own);
    const auto loaded = co_await load_viewer(*context.viewer, context.now);
    if (!loaded) co_return std::unexpected(loaded.error());
  }
  co_return co_await page_from_store(context, which);
}

home_feed::page_pointer home_feed::page_from_memory(const page_request& which, time_point now) {
  const std::lock_guard lock{mutex_};
  if (!answering_) return nullptr;
  const bool is_head = !which.after && which.limit == page_request{}.limit;
  if (!is_head) return assemble(which, now);
  if (!head_ || head_->good_until <= now) head_ = assemble(which, now);
  return head_;
}

home_feed::page_pointer home_feed::assemble(const page_request& which, time_point now) const {
  cached_page out;
  out.good_until = time_point::max();
  std::string body = "{\"data\":[";
  uuid last;
  bool more = false;
  auto at = which.after ? entries_.upper_bound(*which.after) : entries_.begin();
  for (; at != entries_.end(); ++at) {
    const entry& each = at->second;
    if (each.what.expires_at <= now) continue;
    more = out.liked_at.size() == which.limit;
    if (more) break;
    if (!out.liked_at.empty()) body += ',';
    out.liked_at.emplace_back(at->first, body.size() + each.liked_at);
    body += each.json;
    out.good_until = std::min(out.good_until, each.what.expires_at);
    last = at->first;
  }
  // Out of what is held, but the store has older ones.
  if (!more && !floor_.is_nil()) return nullptr;
  append_list_end(body, more ? make_cursor(list_kind::roots, last) : std::string{});
  out.plain.etag = quoted(etag_of(body));
  out.plain.body = std::make_shared<const std::string>(std::move(body));
  return std::make_shared<const cached_page>(std::move(out));
}

std::optional<feed_page> home_feed::personal(const cached_page& page, uuid viewer) {
  const std::lock_guard lock{mutex_};
  const viewer_likes& likes = touch_viewer(viewer);
  if (!likes.loaded) return std::nullopt;
  std::string liked(page.liked_at.size(), '0');
  bool likes_any = false;
  if (!likes.marks.empty()) {
    for (std::size_t i = 0; i < page.liked_at.size(); ++i) {
      const auto mark = likes.marks.find(page.liked_at[i].first);
      if (mark == likes.marks.end() || !mark->second.liked) continue;
      liked[i] = '1';
      likes_any = true;
    }
  }
  if (!likes_any) return feed_page{page.plain.body, page.plain.etag};
  const auto known = page.variants.find(liked);
  if (known != page.variants.end()) return feed_page{known->second.body, known->second.etag};

  std::string body = *page.plain.body;
  for (std::size_t i = 0; i < page.liked_at.size(); ++i) {
    if (liked[i] == '1') body.replace(page.liked_at[i].second, liked_true.size(), liked_true);
  }
  std::string etag = quoted(etag_of(body));
  const variant made{std::make_shared<const std::string>(std::move(body)), std::move(etag)};
  if (page.variants.size() < most_variants) page.variants.emplace(std::move(liked), made);
  return feed_page{made.body, made.etag};
}

task<result<feed_page>> home_feed::page_from_store(request_context context, page_request which) {
  const std::size_t wanted = which.limit++;
  const auto rows = co_await store_.home(which, context.viewer, context.now);
  if (!rows) co_return std::unexpected(rows.error());
  std::string body;
  append_activity_list(body, *rows, wanted, list_kind::roots);
  std::string etag = quoted(etag_of(body));
  co_return feed_page{std::move(body), std::move(etag)};
}

// ---- Loading

task<result<>> home_feed::load(time_point now) {
  std::uint64_t suspensions = 0;
  {
    const std::lock_guard lock{mutex_};
    if (loading_) co_return result<>{};
    loading_ = true;
    heard_while_loading_.clear();
    suspensions = suspensions_;
  }
  auto rows = co_await store_.home({{}, bounds_.window + 1}, std::nullopt, now);

  const std::lock_guard lock{mutex_};
  loading_ = false;
  if (!rows) co_return std::unexpected(std::move(rows.error()));
  const auto before = std::exchange(entries_, {});
  floor_ = rows->size() > bounds_.window ? (*rows)[bounds_.window - 1].id : uuid{};
  if (rows->size() > bounds_.window) rows->resize(bounds_.window);
  for (activity& each : *rows) insert(std::move(each));
  for (activity& each : std::exchange(heard_while_loading_, {})) insert(std::move(each));
  // A count heard while the rows were on their way is in the old entry.
  for (const auto& [id, old] : before) {
    const auto found = entries_.find(id);
    if (found != entries_.end() && found->second.what.counts.revision < old.what.counts.revision) {
      found->second = old;
    }
  }
  drop_viewers();
  head_ = nullptr;
  answering_ = suspensions == suspensions_;
  co_return result<>{};
}

void home_feed::suspend() {
  const std::lock_guard lock{mutex_};
  answering_ = false;
  ++suspensions_;
}

bool home_feed::wants_load() {
  const std::lock_guard lock{mutex_};
  return !answering_ || (!floor_.is_nil() && entries_.size() < bounds_.window / 2);
}

task<result<>> home_feed::load_viewer(uuid who, time_point now) {
  uuid oldest;
  std::uint64_t birth = 0;
  {
    const std::lock_guard lock{mutex_};
    birth = touch_viewer(who).birth;  // from here on it hears
    oldest = floor_;
  }
  const auto ids = co_await store_.liked_roots(who, oldest, now);
  if (!ids) co_return std::unexpected(ids.error());
  const std::lock_guard lock{mutex_};
  viewer_likes& likes = touch_viewer(who);
  // The window grew, or what was heard is lost: the caller asks again.
  if (oldest > floor_ || likes.birth != birth) co_return result<>{};
  for (const uuid& id : *ids) likes.marks.try_emplace(id, mark{true, 0});
  likes.loaded = true;
  co_return result<>{};
}

task<result<>> home_feed::refresh(uuid id, time_point now) {
  const auto found = co_await store_.find(id, std::nullopt, now);
  if (!found) co_return std::unexpected(found.error());
  if (found->live && !found->live->deleted) {
    posted(*found->live);
  } else {
    removed(id);
  }
  co_return result<>{};
}

void home_feed::forget_viewer(uuid who) {
  const std::lock_guard lock{mutex_};
  drop_viewer(who);
}

// ---- Changes

void home_feed::posted(const activity& what) {
  if (what.root) return;
  const std::lock_guard lock{mutex_};
  if (loading_) heard_while_loading_.push_back(what);
  insert(what);
  trim();
}

void home_feed::counted(uuid id, const activity_counts& counts) {
  const std::lock_guard lock{mutex_};
  const auto found = entries_.find(id);
  const auto* early = early_counts_.find(id);
  const bool is_news = early == nullptr || early->revision < counts.revision;
  if (is_news && (found == entries_.end() || loading_)) early_counts_.put(id, counts);
  if (found == entries_.end()) return;
  activity now = found->second.what;
  now.counts = counts;
  insert(std::move(now));
}

void home_feed::liked(uuid id, uuid by, bool liked, std::int64_t revision) {
  const std::lock_guard lock{mutex_};
  const auto found = viewer_of_.find(by);
  if (found == viewer_of_.end() || id < floor_) return;
  auto& marks = found->second->marks;
  const auto [at, is_new] = marks.try_emplace(id, mark{liked, revision});
  if (!is_new && at->second.revision < revision) at->second = {liked, revision};
  if (marks.size() > 2 * bounds_.window) drop_viewer(by);  // mostly of what left the window
}

void home_feed::removed(uuid id) {
  const std::lock_guard lock{mutex_};
  drop(id);
}

void home_feed::author_removed(uuid who) {
  const std::lock_guard lock{mutex_};
  drop_viewer(who);
  // The author's likes and replies counted on other people's posts: read everything anew.
  answering_ = false;
  ++suspensions_;
}

void home_feed::insert(activity what) {
  if (what.deleted || what.id < floor_ || removed_.find(what.id) != nullptr) return;
  if (const auto* early = early_counts_.find(what.id);
      early != nullptr && early->revision > what.counts.revision) {
    what.counts = *early;
  }
  const auto found = entries_.find(what.id);
  if (found != entries_.end() && found->second.what.counts.revision >= what.counts.revision) {
    return;
  }
  what.liked = false;
  entry made;
  made.liked_at = append_activity(made.json, what);
  made.what = std::move(what);
  const uuid id = made.what.id;
  entries_.insert_or_assign(id, std::move(made));
  head_ = nullptr;
}

void home_feed::drop(uuid id) {
  removed_.put(id, true);
  if (entries_.erase(id) > 0) head_ = nullptr;
}

void home_feed::trim() {
  if (entries_.size() <= bounds_.window) return;
  entries_.erase(std::prev(entries_.end()));
  floor_ = std::prev(entries_.end())->first;
}

home_feed::viewer_likes& home_feed::touch_viewer(uuid who) {
  const auto found = viewer_of_.find(who);
  if (found != viewer_of_.end()) {
    viewers_.splice(viewers_.begin(), viewers_, found->second);
    return viewers_.front();
  }
  if (viewers_.size() >= bounds_.viewers) {
    viewer_of_.erase(viewers_.back().who);
    viewers_.pop_back();
  }
  viewers_.push_front({.who = who, .loaded = false, .birth = ++births_, .marks = {}});
  viewer_of_[who] = viewers_.begin();
  return viewers_.front();
}

void home_feed::drop_viewer(uuid who) {
  const auto found = viewer_of_.find(who);
  if (found == viewer_of_.end()) return;
  viewers_.erase(found->second);
  viewer_of_.erase(found);
}

void home_feed::drop_viewers() {
  viewers_.clear();
  viewer_of_.clear();
}

}  // namespace cruddur::api
