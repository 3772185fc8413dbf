#include "adapters/sql/timelines.hpp"

#include <algorithm>
#include <functional>

#include "adapters/sql/activity_queries.hpp"
#include "adapters/sql/live_roots.hpp"

namespace cruddur::sql {
namespace {

// $1 the viewer, $2 now, $3 before, $4 how many, $5 … $12 the floors. Not "= 0", by which
// PostgreSQL would expect to pass over nearly all, and sort them instead of reading the index in
// its order.
const dialects at_home =
    newest_live_roots("(SELECT w.removed FROM users w WHERE w.uuid = a.user_uuid) <> 1");
// newest_first() below puts them in order: SQLite, which gives them so already, would copy all rows
// to be sure of it.
const statement select_home{"select_home", select_activity(at_home)};

// $13 the author.
const statement select_by_author{"select_by_author", select_activity(newest_live_roots_of("$13"))};

// One row more than was asked for tells whether there is another page.
parameters page_of_roots(request_context context, page_request wanted) {
  parameters values{from_optional(context.viewer), to_unix_ms(context.now),
                    wanted.cursor.value_or(last_uuid), static_cast<std::int64_t>(wanted.limit + 1)};
  append_floors(values, context.now);
  return values;
}

task<result<page<activity>>> newest_first(content_vault& vault, driver_result<query_result> found,
                                          std::size_t limit) {
  if (!found) co_return std::unexpected<fault>(found.error());
  page<activity> out{.rows = {}, .more = found->rows.size() > limit};
  std::ranges::sort(found->rows, std::greater{}, [](const row& each) { return each.id(0); });
  if (out.more)
    found->rows.erase(found->rows.begin() + static_cast<std::ptrdiff_t>(limit), found->rows.end());
  auto opened = co_await open_all(vault, *found);
  if (!opened) co_return std::unexpected(std::move(opened.error()));
  out.rows = std::move(*opened);
  co_return out;
}

class sql_timelines : public timelines {
 public:
  sql_timelines(database& db, content_vault& vault) : db_{db}, vault_{vault} {}

  task<result<page<activity>>> home(request_context context, page_request wanted) override {
    co_return co_await newest_first(
        vault_, co_await db_.read(select_home, page_of_roots(context, wanted)), wanted.limit);
  }

  task<result<page<activity>>> by_author(request_context context, uuid author,
                                         page_request wanted) override {
    parameters values = page_of_roots(context, wanted);
    values.emplace_back(author);
    co_return co_await newest_first(vault_, co_await db_.read(select_by_author, std::move(values)),
                                    wanted.limit);
  }

 private:
  database& db_;
  content_vault& vault_;
};

}  // namespace

std::unique_ptr<timelines> create_timelines(database& db, content_vault& vault) {
  return std::make_unique<sql_timelines>(db, vault);
}

}  // namespace cruddur::sql
