#include "adapters/sql/activity_store.hpp"

#include "adapters/sql/activity_queries.hpp"
#include "adapters/sql/activity_removal.hpp"
#include "adapters/sql/idempotency_keys.hpp"
#include "adapters/sql/live_roots.hpp"

namespace cruddur::sql {
namespace {

// An INSERT that finds no author, or whose idempotency key ($6) made another activity, inserts
// nothing; what is stored is then read back.
const dialects if_key_is_ours =
    " AND EXISTS (SELECT 1 FROM idempotency_keys k WHERE k.user_uuid = $2 AND k.token = $6 "
    "AND k.activity_uuid = $1)";

const dialects post_of_author =
    "INSERT INTO activities (uuid, user_uuid, slot, created_at, expires_at, client_token, "
    "request_mac, sealed, lifetime_class) SELECT $1, u.uuid, $3, $4, $5, $6, $7, $8, $9 FROM "
    "users u WHERE u.uuid = $2 AND u.removed = 0";
const statement insert_post{"insert_post", post_of_author};
const statement insert_post_once{"insert_post_once", post_of_author + if_key_is_ours};

const dialects reply_of_author =
    "INSERT INTO activities (uuid, user_uuid, slot, created_at, expires_at, client_token, "
    "reply_to_uuid, root_uuid, request_mac, sealed, lifetime_class) SELECT $1, u.uuid, $3, "
    "$4, p.expires_at, $6, p.uuid, COALESCE(p.root_uuid, p.uuid), $7, $8, $9 "
    "FROM users u, activities p WHERE u.uuid = $2 AND u.removed = 0 AND p.uuid = $5 "
    "AND p.expires_at > $4 AND p.user_uuid IS NOT NULL";
const statement insert_reply{"insert_reply", reply_of_author};
const statement insert_reply_once{"insert_reply_once", reply_of_author + if_key_is_ours};

// $1 the author, $2 the new id, $3 the client token. Two look-ups by key; an OR would be a scan.
const statement select_created{"select_created", select_written_activity() + "WHERE a.uuid = $2"};
const statement select_created_once{
    "select_created_once", select_written_activity() +
                               "WHERE a.uuid = COALESCE((SELECT k.activity_uuid FROM "
                               "idempotency_keys k WHERE k.user_uuid = $1 AND k.token = $3), $2)"};

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
    commands.push_back({post.key ? insert_post_once : insert_post,
                        {post.id, post.author, key->slot(), to_unix_ms(post.created_at),
                         to_unix_ms(expires_at), token_of(post), request_mac(post, *key),
                         sealed_text(post, *key), lifetime_class(post.created_at, expires_at)}});
    const std::size_t created_at = commands.size();
    commands.push_back(created(post));
    if (post.key) commands.push_back(read_key(post));
    const auto done = co_await write(std::move(commands), *key, created_at);
    if (!done) co_return explain(done.error());
    if (post.key) {
      if (auto good = co_await check_key(vault_, post, done->back(), key->slot()); !good) {
        co_return std::unexpected(std::move(good.error()));
      }
    }
    co_return co_await opened((*done)[created_at], key->slot(), std::move(post));
  }

  task<result<reply_outcome>> create_reply(new_activity reply, uuid parent) override {
    auto key = co_await vault_.take(key_term::days);
    if (!key) co_return std::unexpected(std::move(key.error()));
    const auto time = to_unix_ms(reply.created_at);
    std::vector<command> commands;
    commands.push_back({lock_activity, {parent}});
    if (reply.key) commands.push_back(take_key_for_reply(reply, parent));
    commands.push_back({reply.key ? insert_reply_once : insert_reply,
                        {reply.id, reply.author, key->slot(), time, parent, token_of(reply),
                         request_mac(reply, *key), sealed_text(reply, *key), class_of_replies}});
    const std::size_t created_at = commands.size();
    commands.push_back(created(reply));
    commands.push_back({select_counts, {parent, time, reply.author}});
    if (reply.key) commands.push_back(read_key(reply));
    const auto done = co_await write(std::move(commands), *key, created_at);
    if (!done) co_return explain(done.error());
    if (reply.key) {
      if (auto good = co_await check_key(vault_, reply, done->back(), key->slot()); !good) {
        co_return std::unexpected(std::move(good.error()));
      }
    }
    const auto& above = (*done)[created_at + 1].rows;
    if ((*done)[created_at].rows.empty() && above.empty()) co_return activity_not_found();
    auto made = co_await opened((*done)[created_at], key->slot(), std::move(reply));
    if (!made) co_return std::unexpected(std::move(made.error()));
    // Of a repeated request the parent may have ended meanwhile.
    co_return reply_outcome{std::move(*made), parent,
                            above.empty() ? activity_counts{} : to_counts(above.front())};
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
  // Settles what becomes of the key: it is kept when the activity that is read back, at
  // `created_at` of the results, is the one under its slot.
  task<driver_result<std::vector<query_result>>> write(std::vector<command> commands,
                                                       content_key& key, std::size_t created_at) {
    auto done = co_await db_.write(std::move(commands));
    if (!done) {
      key.settle(done.error());
      co_return done;
    }
    if (is_under((*done)[created_at], key.slot())) {
      key.keep();
    } else {
      key.drop();
    }
    co_return done;
  }

  static bool is_under(const query_result& created, key_slot slot) {
    if (created.rows.empty() || created.rows.front().is_null(2)) return false;
    return created.rows.front().integer(2) == slot;
  }

  // Why what was just read back can't be opened: its author left, it ended, or its key is lost.
  task<fault> unreadable(uuid author, uuid id, time_point now) {
    const auto person = co_await db_.read(select_author, {author});
    if (!person) co_return person.error();
    if (person->rows.empty()) co_return profile_missing().error();
    const auto gone = co_await db_.read(select_gone, {id, to_unix_ms(now)});
    if (!gone) co_return gone.error();
    co_return activity_gone(gone->rows.empty() ? gone_reason::lost
                                               : reason_of(gone->rows.front().text(0)));
  }

  // Of a repeated request what it made the first time.
  task<result<activity>> opened(const query_result& created, key_slot slot, new_activity written) {
    if (created.rows.empty()) co_return profile_missing();
    const auto author = written.author;
    const auto time = written.created_at;
    const uuid id = created.rows.front().id(0);
    auto made = is_under(created, slot) ? co_await open_new(created, std::move(written))
                                        : co_await open_former(created);
    if (!made) co_return std::unexpected(std::move(made.error()));
    if (!*made) co_return std::unexpected(co_await unreadable(author, id, time));
    co_return std::move(**made);
  }

  task<result<std::optional<activity>>> open_new(const query_result& created,
                                                 new_activity written) {
    return open_written(vault_, created.rows.front(), std::move(written.message),
                        std::move(written.entities));
  }

  task<result<std::optional<activity>>> open_former(const query_result& created) {
    auto found = co_await open_all(vault_, created);
    if (!found) co_return std::unexpected(std::move(found.error()));
    if (found->empty()) co_return std::nullopt;
    co_return std::move(found->front());
  }

  static command created(const new_activity& asked) {
    if (!asked.key) return {select_created, {asked.author, asked.id}};
    return {select_created_once, {asked.author, asked.id, asked.key->token}};
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
