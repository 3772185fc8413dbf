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
    "INSERT INTO activities (uuid, user_uuid, message, created_at, expires_at, client_token, "
    "request_mac, entities, lifetime_class) SELECT $1, u.uuid, $3, $4, $5, $6, $7, $8, $9 FROM "
    "users u WHERE u.uuid = $2 AND u.removed = 0";
const statement insert_post{"insert_post", post_of_author};
const statement insert_post_once{"insert_post_once", post_of_author + if_key_is_ours};

const dialects reply_of_author =
    "INSERT INTO activities (uuid, user_uuid, message, created_at, expires_at, client_token, "
    "reply_to_uuid, root_uuid, request_mac, entities, lifetime_class) SELECT $1, u.uuid, $3, "
    "$4, p.expires_at, $6, p.uuid, COALESCE(p.root_uuid, p.uuid), $7, $8, $9 "
    "FROM users u, activities p WHERE u.uuid = $2 AND u.removed = 0 AND p.uuid = $5 "
    "AND p.expires_at > $4 AND p.user_uuid IS NOT NULL";
const statement insert_reply{"insert_reply", reply_of_author};
const statement insert_reply_once{"insert_reply_once", reply_of_author + if_key_is_ours};

// $1 the author, $2 the new id, $3 the client token. Two look-ups by key; an OR would be a scan.
const statement select_created{"select_created", select_activity() + "WHERE a.uuid = $2"};
const statement select_created_once{
    "select_created_once", select_activity() +
                               "WHERE a.uuid = COALESCE((SELECT k.activity_uuid FROM "
                               "idempotency_keys k WHERE k.user_uuid = $1 AND k.token = $3), $2)"};

const statement select_live{"select_live",
                            select_activity() + "WHERE a.uuid = $2 AND a.expires_at > $3"};

const statement select_gone{
    "select_gone",
    "SELECT CASE WHEN reason = 'expired' THEN 1 ELSE 0 END FROM gone_activities WHERE uuid = $1 "
    "UNION ALL SELECT 1 FROM activities WHERE uuid = $1 AND expires_at <= $2"};

class sql_activity_store : public activity_store {
 public:
  explicit sql_activity_store(database& db) : db_{db} {}

  task<result<activity>> create_post(new_activity post, time_point expires_at) override {
    std::vector<command> commands;
    if (post.key) commands.push_back(take_key_for_post(post, expires_at));
    commands.push_back({post.key ? insert_post_once : insert_post,
                        {post.id, post.author, std::move(post.message), to_unix_ms(post.created_at),
                         to_unix_ms(expires_at), token_of(post), request_mac(post),
                         std::move(post.entities), lifetime_class(post.created_at, expires_at)}});
    const std::size_t created_at = commands.size();
    commands.push_back(created(post));
    if (post.key) commands.push_back(read_key(post));
    const auto done = co_await db_.write(std::move(commands));
    if (!done) co_return explain(done.error());
    if (post.key) {
      if (auto good = check_key(post, done->back()); !good) {
        co_return std::unexpected(std::move(good.error()));
      }
    }
    const auto& created = (*done)[created_at].rows;
    if (created.empty()) co_return profile_missing();
    co_return to_activity(created.front());
  }

  task<result<reply_outcome>> create_reply(new_activity reply, uuid parent) override {
    const auto time = to_unix_ms(reply.created_at);
    std::vector<command> commands;
    commands.push_back({lock_activity, {parent}});
    if (reply.key) commands.push_back(take_key_for_reply(reply, parent));
    commands.push_back(
        {reply.key ? insert_reply_once : insert_reply,
         {reply.id, reply.author, std::move(reply.message), time, parent, token_of(reply),
          request_mac(reply), std::move(reply.entities), class_of_replies}});
    const std::size_t created_at = commands.size();
    commands.push_back(created(reply));
    commands.push_back({select_counts, {parent, time, reply.author}});
    if (reply.key) commands.push_back(read_key(reply));
    const auto done = co_await db_.write(std::move(commands));
    if (!done) co_return explain(done.error());
    if (reply.key) {
      if (auto good = check_key(reply, done->back()); !good) {
        co_return std::unexpected(std::move(good.error()));
      }
    }
    const auto& created = (*done)[created_at].rows;
    const auto& above = (*done)[created_at + 1].rows;
    if (created.empty()) {
      if (above.empty()) co_return activity_not_found();
      co_return profile_missing();
    }
    // Of a repeated request the parent may have ended meanwhile.
    co_return reply_outcome{to_activity(created.front()), parent,
                            above.empty() ? activity_counts{} : to_counts(above.front())};
  }

  task<result<activity_lookup>> find(request_context context, uuid id) override {
    const auto time = to_unix_ms(context.now);
    const auto live = co_await db_.read(select_live, {from_optional(context.viewer), id, time});
    if (!live) co_return std::unexpected(live.error());
    if (!live->rows.empty()) co_return activity_lookup{to_activity(live->rows.front()), {}};
    const auto gone = co_await db_.read(select_gone, {id, time});
    if (!gone) co_return std::unexpected(gone.error());
    if (gone->rows.empty()) co_return activity_lookup{};
    co_return activity_lookup{
        {}, gone->rows.front().boolean(0) ? gone_reason::expired : gone_reason::deleted};
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
  static command created(const new_activity& asked) {
    if (!asked.key) return {select_created, {asked.author, asked.id}};
    return {select_created_once, {asked.author, asked.id, asked.key->token}};
  }

  static value token_of(const new_activity& asked) {
    return asked.key ? value{asked.key->token} : value{null_of_type::uuid};
  }

  database& db_;
};

}  // namespace

std::unique_ptr<activity_store> create_activity_store(database& db) {
  return std::make_unique<sql_activity_store>(db);
}

}  // namespace cruddur::sql
