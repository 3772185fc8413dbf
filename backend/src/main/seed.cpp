#include "main/seed.hpp"

#include <array>
#include <vector>

namespace cruddur {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

struct person {
  const char* handle;
  const char* display_name;
};

// The first is the demo sign-in; the others have the same password at HANDLE@cruddur.example.
constexpr std::array<person, 5> people{{{"demo", "You, for now"},
                                        {"night_bakery", "The Night Bakery"},
                                        {"tide_table", "Tide Table"},
                                        {"lost_found", "Lost & Found"},
                                        {"allotment9", "Allotment No. 9"}}};

struct planned {
  int author;
  minutes age;
  const char* ttl;  // "" for a reply
  int reply_to;     // index of an earlier one, -1 for a post
  const char* message;
  std::vector<int> liked_by;
};

// Each is younger than its lifetime; the first has only minutes left.
const std::vector<planned>& plan() {
  static const std::vector<planned> all{
      {1,
       minutes{56},
       "1-hour",
       -1,
       "Last tray of cardamom buns is out. When this post is gone, so are they. #openlate",
       {0, 2, 3, 4}},
      {2,
       hours{70},
       "3-days",
       -1,
       "Spring tide on Tuesday: the causeway is dry from 11:40 to 14:05. Check before you walk. "
       "#tides https://en.wikipedia.org/wiki/Spring_tide",
       {0, 4}},
      {4,
       hours{26},
       "7-days",
       -1,
       "Forty courgettes, zero ideas. Free to anyone who rings the bell. \U0001F952 #allotment",
       {1, 2, 3}},
      {1, hours{25}, "", 2, "Save us ten, @allotment9. Courgette loaf on Thursday night.", {4}},
      {4, hours{24}, "", 3, "Ten are yours. Bring back one slice per courgette.", {0, 1, 3}},
      {3,
       hours{23},
       "",
       2,
       "Somebody handed in a bag of courgettes at our desk. No note. Suspicious.",
       {0, 1, 2, 4}},
      {3,
       hours{5},
       "12-hours",
       -1,
       "Found on the 42 bus: one left glove, grey, a hole at the thumb. We keep it until this post "
       "ends.",
       {2}},
      {2, hours{4}, "", 6, "Is there a shell in it? Then it is mine.", {3}},
      {3, hours{3}, "", 7, "There is a shell in it.", {0, 1, 2, 4}},
      {0,
       hours{2},
       "1-day",
       -1,
       "Trying this place out. I like that nothing here will be quoted back at me in ten years. "
       "#hello",
       {1, 2, 3, 4}},
      {2, minutes{95}, "", 9, "Welcome! Everything goes out with the tide here.", {0}},
      {1,
       minutes{40},
       "3-hours",
       -1,
       "Oven two is acting up, so tonight: flatbreads, and whatever @allotment9 left on the "
       "doorstep.",
       {3}},
      {4,
       minutes{12},
       "30-days",
       -1,
       "Seed swap is on the last Saturday of the month, behind the greenhouse. Labels optional. "
       "#allotment #seedswap",
       {0, 2}},
      {2, minutes{3}, "1-hour", -1, "Fog rolling in. Look now or miss it.", {1}},
  };
  return all;
}

}  // namespace

task<result<>> seed_community(user_pool::user_pool& pool, activity_writer& writer, likes& likes,
                              time_point now) {
  std::vector<uuid> ids;
  for (const person& each : people) {
    auto made = co_await pool.add_account(std::string{each.handle} + "@cruddur.example",
                                          each.handle, each.display_name, demo_password);
    if (!made) co_return std::unexpected(std::move(made.error()));
    ids.push_back(*made);
  }
  std::vector<uuid> posted;
  for (const planned& each : plan()) {
    const request_context context{.viewer = ids.at(static_cast<std::size_t>(each.author)),
                                  .now = now - each.age};
    draft written{each.message, std::nullopt};
    auto published = each.reply_to < 0 ? co_await writer.post(context, std::move(written), each.ttl)
                                       : co_await writer.reply(
                                             context, std::move(written),
                                             posted.at(static_cast<std::size_t>(each.reply_to)));
    if (!published) co_return std::unexpected(std::move(published.error()));
    posted.push_back(published->made.id);
    for (const int liker : each.liked_by) {
      const request_context context_of_liker{.viewer = ids.at(static_cast<std::size_t>(liker)),
                                             .now = now};
      const auto liked = co_await likes.set(context_of_liker, published->made.id, true);
      if (!liked) co_return std::unexpected(liked.error());
    }
  }
  co_return result<>{};
}

}  // namespace cruddur
