#include "adapters/sql/activity_store.hpp"

#include "adapters/sql/activity_queries.hpp"
#include "adapters/sql/activity_removal.hpp"
#include "adapters/sql/idempotency_keys.hpp"
#include "adapters/sql/live_roots.hpp"

namespace cruddur::sql {
namespace {

// An INSERT that finds no author, or whose idempotency key ($6) made another activity, inserts
// nothing; what that key made is then read.
const dialects if_key_is_ours =
    " AND EXISTS (SELECT 1 FROM idempotency_keys k WHERE k.user_uuid = $2 AND k.token = $6 "
    "AND k.activity_uuid = $1)";

// What the caller does not know of a row that it has just written. The author's key does not come
// with it: who writes much is kept opened (opened_profiles.hpp).
const dialects stored_columns =
    " RETURNING uuid, expires_at, root_uuid, "
    "(SELECT u.slot FROM users u WHERE u.uuid = activities.user_uuid), "
    "(SELECT u.sealed FROM users u WHERE u.uuid = activities.user_uuid)";

const dialects post_of_author =
    "INSERT INTO activities (uuid, user_uuid, slot, created_at, expires_at, client_token, "
    "request_mac, sealed, lifetime_class) SELECT $1, u.uuid, $3, $4, $5, $6, $7, $8, $9 FROM "
    "users u WHERE u.uuid = $2 AND u.removed = 0";
const statement insert_post{"insert_post", post_of_author + stored_columns};
const statement insert_post_once{"insert_post_once",
                                 post_of_author + if_key_is_ours + stored_columns};

const dialects reply_of_author =
    "INSERT INTO activities (uuid, user_uuid, slot, created_at, expires_at, client_token, "
    "reply_to_uuid, root_uuid, request_mac, sealed, lifetime_class) SELECT $1, u.uuid, $3, "
    "$4, p.expires_at, $6, p.uuid, COALESCE(p.root_uuid, p.uuid), $7, $8, $9 "
    "FROM users u, activities p WHERE u.uuid = $2 AND u.removed = 0 AND p.uuid = $5 "
    "AND p.expires_at > $4 AND p.user_uuid IS NOT NULL";
const statement insert_reply{"insert_reply", reply_of_author + stored_columns};
const statement insert_reply_once{"insert_reply_once",
                                  reply_of_author + if_key_is_ours + stored_columns};

// $1 the author.
const statement select_former{"select_former", select_activity() + "WHERE a.uuid = $2"};

const statement select_live{"select_live",
                            select_activity() + "WHERE a.uuid = $2 AND a.expires_at > $3"};

const statement select_author{"select_author",
                              "SELECT 1 FROM users WHERE uuid = $1 AND removed = 0"};

const statement select_gone{
    "select_gone",
    "SELECT reason FROM gone_activities WHERE uuid = $1 "
    "UNION ALL SELECT 'expired' FROM activities WHERE uuid = $1 AND expires_at <= $2"};

gone_reason reason_of(std::string_view word) {
  if (word == "expired") return gone_reason::expired;
  return word == "lost" ? gone_reason::lost : gone_reason::deleted;
}

// Keys of contents that end together are kept together. A reply ends with its root, which may be
// soon or late.
key_term term_of(std::chrono::milliseconds lifetime) {
  return lifetime <= std::chrono::days{1} ? key_term::hours : key_term::days;
}

value sealed_text(const new_activity& written, const content_key& key) {
  return bytes{key.seal(content_kind::activity, written.id,
                        activity_record(written.message, written.entities))};
}

class sql_activity_store : public activity_store {
 public:
  sql_activity_store(database& db, content_vault& vault) : db_{db}, vault_{vault} {}

  task<result<activity>> create_post(new_activity post, time_point expires_at) override {
    auto key = co_await vault_.take(term_of(
        std::chrono::duration_cast<std::chrono::milliseconds>(expires_at - post.created_at)));
    if (!key) co_return std::unexpected(std::move(key.error()));
    std::vector<command> commands;
    if (post.key) commands.push_back(take_key_for_post(post, expires_at));
    const std::size_t inserts = commands.size();
    commands.push_back({post.key ? insert_post_once : insert_post,
                        {post.id, post.author, key->slot(), to_unix_ms(post.created_at),
                         to_unix_ms(expires_at), token_of(post), request_mac(post, *key),
                         sealed_text(post, *key), lifetime_class(post.created_at, expires_at)}});
    const auto done = co_await write(std::move(commands), *key, inserts);
    if (!done) co_return explain(done.error());
    const auto& inserted = (*done)[inserts].rows;
    if (!inserted.empty()) co_return co_await open_new(inserted.front(), std::move(post), {});
    auto former = co_await find_former(post);
    if (!former) co_return std::unexpected(std::move(former.error()));
    if (!*former) co_return profile_missing();
    co_return std::move(**former);
  }

  task<result<reply_outcome>> create_reply(new_activity reply, uuid parent) override {
    auto key = co_await vault_.take(key_term::days);
    if (!key) co_return std::unexpected(std::move(key.error()));
    const auto time = to_unix_ms(reply.created_at);
    std::vector<command> commands;
    commands.push_back({lock_activity, {parent}});
    if (reply.key) commands.push_back(take_key_for_reply(reply, parent));
    const std::size_t inserts = commands.size();
    commands.push_back({reply.key ? insert_reply_once : insert_reply,
                        {reply.id, reply.author, key->slot(), time, parent, token_of(reply),
                         request_mac(reply, *key), sealed_text(reply, *key), class_of_replies}});
    commands.push_back({select_counts, {parent, time, reply.author}});
    const auto done = co_await write(std::move(commands), *key, inserts);
    if (!done) co_return explain(done.error());
    const auto& inserted = (*done)[inserts].rows;
    const auto& above = done->back().rows;
    if (inserted.empty()) {
      auto former = co_await find_former(reply);
      if (!former) co_return std::unexpected(std::move(former.error()));
      if (!*former && above.empty()) co_return activity_not_found();
      if (!*former) co_return profile_missing();
      co_return outcome(std::move(**former), parent, above);
    }
    auto made = co_await open_new(inserted.front(), std::move(reply), parent);
    if (!made) co_return std::unexpected(std::move(made.error()));
    co_return outcome(std::move(*made), parent, above);
  }

  task<result<activity_lookup>> find(request_context context, uuid id) override {
    const auto time = to_unix_ms(context.now);
    const auto live = co_await db_.read(select_live, {from_optional(context.viewer), id, time});
    if (!live) co_return std::unexpected(live.error());
    if (!live->rows.empty()) {
      auto found = co_await open_all(vault_, *live);
      if (!found) co_return std::unexpected(std::move(found.error()));
      if (!found->empty()) co_return activity_lookup{std::move(found->front()), {}};
    }
    // Or it ended while it was read.
    const auto gone = co_await db_.read(select_gone, {id, time});
    if (!gone) co_return std::unexpected(gone.error());
    if (gone->rows.empty() && live->rows.empty()) co_return activity_lookup{};
    if (gone->rows.empty()) co_return activity_lookup{{}, gone_reason::lost};
    co_return activity_lookup{{}, reason_of(gone->rows.front().text(0))};
  }

  task<result<removal_outcome>> remove(request_context context, activity removed) override {
    return remove_activity(db_, std::move(removed), context.now);
  }

  task<result<>> remove_author(uuid author, time_point now) override {
    return sql::remove_author(db_, author, now);
  }

  task<result<bool>> knows_key(uuid author, uuid token) override {
    return sql::knows_key(db_, author, token);
  }

 private:
  // Settles what becomes of the key: it is kept when the command at `inserts` inserted something.
  task<driver_result<std::vector<query_result>>> write(std::vector<command> commands,
                                                       content_key& key, std::size_t inserts) {
    auto done = co_await db_.write(std::move(commands));
    if (!done) {
      key.settle(done.error());
    } else if ((*done)[inserts].rows.empty()) {
      key.drop();
    } else {
      key.keep();
    }
    co_return done;
  }

  // `inserted`: its `stored_columns`.
  task<result<activity>> open_new(const row& inserted, new_activity asked,
                                  std::optional<uuid> parent) {
    activity out;
    out.id = inserted.id(0);
    out.author = asked.author;
    out.message = std::move(asked.message);
    out.entities = std::move(asked.entities);
    out.created_at = asked.created_at;
    out.expires_at = inserted.time(1);
    out.reply_to = parent;
    out.root = inserted.optional_id(2);
    if (!inserted.is_null(3)) {
      const auto author = co_await open_author(vault_, out, inserted.integer(3), inserted.blob(4));
      if (!author) co_return std::unexpected(author.error());
      if (*author) co_return out;
    }
    co_return std::unexpected(co_await unreadable(out.author, out.id, out.created_at));
  }

  // What an equal request made before, if one did.
  task<result<std::optional<activity>>> find_former(const new_activity& asked) {
    if (!asked.key) co_return std::nullopt;
    const auto key = co_await find_key(db_, vault_, asked);
    if (!key && key.error().kind == fault_kind::gone) {
      co_return std::unexpected(co_await unless_author_left(asked.author, key.error()));
    }
    if (!key) co_return std::unexpected(key.error());
    if (!*key) co_return std::nullopt;
    const auto found = co_await db_.read(select_former, {asked.author, **key});
    if (!found) co_return std::unexpected(found.error());
    auto opened = co_await open_all(vault_, *found);
    if (!opened) co_return std::unexpected(std::move(opened.error()));
    if (!opened->empty()) co_return std::move(opened->front());
    co_return std::unexpected(co_await unreadable(asked.author, **key, asked.created_at));
  }

  // Why what is stored can't be opened: its author left, it ended, or its key is lost.
  task<fault> unreadable(uuid author, uuid id, time_point now) {
    const auto gone = co_await db_.read(select_gone, {id, to_unix_ms(now)});
    if (!gone) co_return gone.error();
    co_return co_await unless_author_left(
        author, activity_gone(gone->rows.empty() ? gone_reason::lost
                                                 : reason_of(gone->rows.front().text(0))));
  }

  // An account that ends takes along what it has just written.
  task<fault> unless_author_left(uuid author, fault reason) {
    const auto person = co_await db_.read(select_author, {author});
    if (!person) co_return person.error();
    co_return person->rows.empty() ? profile_missing().error() : std::move(reason);
  }

  // Of a repeated request the parent may have ended meanwhile.
  static reply_outcome outcome(activity reply, uuid parent, const std::vector<row>& above) {
    return {std::move(reply), parent, above.empty() ? activity_counts{} : to_counts(above.front())};
  }

  static value token_of(const new_activity& asked) {
    return asked.key ? value{asked.key->token} : value{null_of_type::uuid};
  }

  database& db_;
  content_vault& vault_;
};

}  // namespace

std::unique_ptr<activity_store> create_activity_store(database& db, content_vault& vault) {
  return std::make_unique<sql_activity_store>(db, vault);
}

}  // namespace cruddur::sql
